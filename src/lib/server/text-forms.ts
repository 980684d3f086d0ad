import { check } from '#domain/messages/compiled/forms.js';
import { error, fail } from '@sveltejs/kit';
import { superValidate, type SuperValidated } from 'sveltekit-superforms/server';
import { zod4 } from 'sveltekit-superforms/adapters';
import { isRefusal, type Refusal } from '#domain/refusal.ts';
import type { TextForm, Typed, Wrong } from '$lib/forms/text-form.ts';

/** Forms of text on the server: what a page shows first, what was sent, and what comes back. */

/** A form with its first values. `id` tells the forms of a page, and of one thing after another, apart. */
export const filled = (text: TextForm<unknown>, values: Typed, id: string): Promise<SuperValidated<Typed>> =>
  superValidate(values, zod4(text.schema), { id, errors: false });

/** What was sent, and the body that it means; null where something is wrong, and then `form` says what. */
export async function sent<Body>(request: Request, text: TextForm<Body>, id: string) {
  const form: SuperValidated<Typed> = await superValidate(request, zod4(text.schema), { id });
  if (!form.valid) form.message = { kind: 'bad', text: check() };
  return { form, body: form.valid ? text.body(form.data) : null };
}

/** The version that a form was made from. A form without one is none of ours, and has seen nothing. */
export const versionIn = (form: SuperValidated<Typed>): number => Number(form.data['version']) || 1;

/** Saved: the form has what is there now, and its new version. */
export async function saved(text: TextForm<unknown>, values: Typed, id: string, words: string) {
  const form = await filled(text, values, id);
  form.message = { kind: 'ok', text: words };
  return { form };
}

/** What is wrong is shown again. Passwords are never sent back. */
export function sendBack(form: SuperValidated<Typed>, status = 422) {
  for (const name of Object.keys(form.data)) if (/password/i.test(name)) form.data[name] = '';
  return fail(status, { form });
}

/**
 * A refusal at the fields it concerns. When somebody else has saved meanwhile, `now` says what is there, and the form
 * shows where that differs from what was typed.
 */
export async function refused(
  form: SuperValidated<Typed>,
  text: TextForm<unknown>,
  refusal: Refusal,
  now?: () => Promise<Typed | Refusal>
) {
  // What is not theirs has no page, whatever the form.
  if (refusal.code === 'NOT_FOUND') error(404, refusal.message);
  form.valid = false;
  form.message = { kind: 'bad', text: refusal.message };
  const errors: Record<string, string[]> = {};
  for (const { path, message } of listed(refusal)) errors[text.fieldOf(path)] ??= [message];
  const { '': whole, ...atFields } = errors;
  form.errors = { ...atFields, ...(whole ? { _errors: whole } : {}) } as typeof form.errors;
  if (refusal.code === 'CHANGED_MEANWHILE' && now) {
    const theirs = await now();
    if (isRefusal(theirs)) error(theirs.httpStatus, theirs.message);
    form.message.differences = Object.entries(text.labels).flatMap(([name, label]) => {
      const [mine, other] = [form.data[name] ?? '', theirs[name] ?? ''];
      return mine.trim() === other ? [] : [{ name, label, yours: mine, theirs: other }];
    });
    if (form.message.differences.length === 0) {
      return saved(text, theirs, form.id, 'There is a newer version, and it says just what you see here.');
    }
    form.data['version'] = theirs['version'] ?? '';
  }
  return sendBack(form, refusal.httpStatus);
}

function listed(refusal: Refusal): Wrong[] {
  const { errors } = refusal.details;
  if (!Array.isArray(errors)) return [];
  return errors.flatMap((one: unknown) =>
    typeof one === 'object' && one !== null && 'path' in one && 'message' in one
      ? [{ path: String(one.path), message: String(one.message) }]
      : []
  );
}
