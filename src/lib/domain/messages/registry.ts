import { LOCALES, type Language } from '#domain/language.ts';

/** What compiled messages call. A formatter costs far more than its use, so each is made once. */
const forms = new Map<Language, Intl.PluralRules>();
const numbers = new Map<Language, Intl.NumberFormat>();

function of<T>(made: Map<Language, T>, language: Language, make: (locale: string) => T): T {
  const known = made.get(language);
  if (known) return known;
  const one = make(LOCALES[language]);
  made.set(language, one);
  return one;
}

/** `one`, `other` …: the form that the language has for so many. */
export const plural = (language: Language, count: unknown): string =>
  of(forms, language, (locale) => new Intl.PluralRules(locale)).select(Number(count));

/** `1.250` in German. */
export const number = (language: Language, count: unknown): string =>
  of(numbers, language, (locale) => new Intl.NumberFormat(locale)).format(Number(count));
