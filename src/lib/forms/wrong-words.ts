import * as m from '#domain/messages/compiled/forms.js';

/** What the schemas of public forms say about a field. They speak English, and to programs no other language. */
const KNOWN: Readonly<Record<string, (field: { label: string }) => string>> = {
  'is missing': m.is_missing,
  'is not an e-mail address': m.no_email,
  'must have at least 8 characters': m.too_short,
  'must have at most 200 characters': m.too_long,
  'is not the right one': m.not_right,
  'has an account already': m.has_account
};

/** `Password must have at least 8 characters`, in the reader's language where a public form says it. */
export const wrongAt = (label: string, wrong: string): string => KNOWN[wrong]?.({ label }) ?? `${label} ${wrong}`;
