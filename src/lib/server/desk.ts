import { error } from '@sveltejs/kit';
import type { z } from 'zod';
import { catalogId } from '#domain/ids.ts';
import { isRefusal, type Refusal } from '#domain/refusal.ts';
import type { Manager } from '../../../server/catalog/ownership.ts';
import { failWith, type FormFailure } from './form.ts';

/** What the pages of the desk begin with. Layouts do not guard actions, so every load and action asks here itself. */

/** Whoever has no business here learns nothing: not even that there is such a page. */
export function manager(locals: App.Locals): Manager {
  const by = locals.app.desk.managerOf(locals.identity.user);
  if (isRefusal(by)) error(404, 'There is no such page.');
  return by;
}

/** For what is an admin's alone: to an organizer there is no such page. */
export function admin(locals: App.Locals): Manager {
  const by = manager(locals);
  if (by.owner !== null) error(404, 'There is no such page.');
  return by;
}

/** The same on the page of one thing. */
export function managing(locals: App.Locals, id: string): Manager {
  const by = manager(locals);
  if (!catalogId.safeParse(id).success) error(404, 'There is no such page.');
  return by;
}

/** The search, filters, order and page that the address names; empty fields of a form mean "any". */
export function searchOf<T>(url: URL, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(Object.fromEntries([...url.searchParams].filter(([, value]) => value !== '')));
  if (!parsed.success) error(400, 'That is not a search we understand.');
  return parsed.data;
}

/** What was typed, by the name of the field. */
export const typed = (form: FormData): Record<string, string> =>
  Object.fromEntries([...form].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));

/** The version that a form was made from. A form without one is none of ours, and has seen nothing. */
export const versionIn = (values: Record<string, string>): number => Number(values['version']) || 1;

/**
 * What a form shows again. An error in a part of a list belongs to its field; when somebody else has saved meanwhile,
 * `now` says what is there, and the form shows where that differs from what was typed.
 */
export function failForm(
  refusal: Refusal | z.ZodError,
  values: Record<string, string>,
  labels: Readonly<Record<string, string>>,
  now?: { version: number; values: Record<string, string> }
) {
  // What is not theirs has no page, whatever the form.
  if (isRefusal(refusal) && refusal.code === 'NOT_FOUND') error(404, refusal.message);
  const failure = failWith(refusal, values);
  const errors: Record<string, string> = {};
  for (const [path, message] of Object.entries(failure.data.errors)) {
    errors[path in labels ? path : path.replace(/\.\d+$/, '')] ??= message;
  }
  const data: FormFailure = { ...failure.data, errors };
  if (now && failure.data.code === 'CHANGED_MEANWHILE') {
    data.values = { ...data.values, version: String(now.version) };
    data.differences = Object.entries(labels).flatMap(([name, label]) => {
      const [yours, theirs] = [values[name] ?? '', now.values[name] ?? ''];
      return yours.trim() === theirs ? [] : [{ label, yours, theirs }];
    });
  }
  failure.data = data;
  return failure;
}
