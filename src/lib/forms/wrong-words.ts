import * as m from '#domain/messages/compiled/forms.js';

/** What the schemas of public forms say about a field. They speak English; the API says it in the language asked for (domain/api/in-language.ts). */
const KNOWN: Readonly<Record<string, (field: { label: string }) => string>> = {
  'is missing': m.is_missing,
  'is not an e-mail address': m.no_email,
  'must have at least 8 characters': m.too_short,
  'must have at most 200 characters': m.too_long,
  'is not the right one': m.not_right,
  'has an account already': m.has_account
};

type InWords = (label: string, wrong: string) => string | undefined;
let more: InWords = () => undefined;

/** What else is known here: the forms of the desk can go wrong in many more ways, which no page of a visitor loads. */
export const knowWords = (words: InWords) => {
  more = words;
};

/** `Password must have at least 8 characters`, in the reader's language. */
export const wrongAt = (label: string, wrong: string): string =>
  KNOWN[wrong]?.({ label }) ?? more(label, wrong) ?? `${label} ${wrong}`;
