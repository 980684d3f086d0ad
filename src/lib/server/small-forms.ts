import { error, fail } from '@sveltejs/kit';
import type { z } from 'zod';
import { isRefusal, type Refusal } from '#domain/refusal.ts';
import type { Typed } from '$lib/forms/text-form.ts';
import { failWith, type FormFailure } from './form.ts';

/**
 * Forms of one or two fields, often many on one page: they share one answer, which the page gives to the one it belongs to.
 * Whatever has more fields is a TextForm.
 */
export const typed = (form: FormData): Typed =>
  Object.fromEntries([...form].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));

/** The version that a form was made from. A form without one is none of ours, and has seen nothing. */
export const versionIn = (values: Typed): number => Number(values['version']) || 1;

/** What a form shows again; when somebody else has saved meanwhile, `now` is what is there. */
export function failForm(
  refusal: Refusal | z.ZodError,
  values: Typed,
  labels: Readonly<Record<string, string>>,
  now?: { version: number; values: Typed }
) {
  // What is not theirs has no page, whatever the form.
  if (isRefusal(refusal) && refusal.code === 'NOT_FOUND') error(404, refusal.message);
  const failure = failWith(refusal, values);
  const { status, data } = failure;
  if (!now || data.code !== 'CHANGED_MEANWHILE') return failure;
  const differences = Object.entries(labels).flatMap(([name, label]) => {
    const [yours, theirs] = [values[name] ?? '', now.values[name] ?? ''];
    return yours.trim() === theirs ? [] : [{ label, yours, theirs }];
  });
  return fail<FormFailure>(status, { ...data, values: { ...data.values, version: String(now.version) }, differences });
}
