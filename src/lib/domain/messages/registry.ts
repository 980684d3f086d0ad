import { numberFormat } from '#domain/formats.ts';
import { LOCALES, type Language } from '#domain/language.ts';

/** What compiled messages call. Rules cost far more than their use, so each language's are made once. */
const rules = new Map<Language, Intl.PluralRules>();

/** `one`, `other` …: the form that the language has for so many. */
export function plural(language: Language, count: unknown): string {
  const made = rules.get(language) ?? new Intl.PluralRules(LOCALES[language]);
  rules.set(language, made);
  return made.select(Number(count));
}

/** `1.250` in German. */
export const number = (language: Language, count: unknown): string =>
  numberFormat(LOCALES[language]).format(Number(count));
