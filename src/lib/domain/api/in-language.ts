import { z } from 'zod';
import { currentLanguage, type Language } from '#domain/language.ts';
import { englishAgain } from '#domain/english-again.ts';
import * as desk from '#domain/messages/compiled/desk_wrong.js';
import * as pretix from '#domain/messages/compiled/pretix_words.js';
import * as programs from '#domain/messages/compiled/to_programs.js';

/**
 * One rule for all that the API says: it is in the language that was asked for (`Accept-Language`, or the reader's own
 * where a page asks). Refusals are made in it. What schemas say of a value is English, for they are made once and read by
 * pages too, which say it with the label of its field; so are sentences that only programs ever see. Both are found again
 * here, at the door. What is in the language already, or known to nobody, stays as it is.
 */
const { at_field: _, ...fields } = desk;
const again = englishAgain({ ...fields, ...pretix, ...programs });
export const inLanguage = (said: string): string => again(said) ?? said;

const listed = z.array(z.looseObject({ message: z.string() }));

/** The details of a refusal, with what is wrong with each value in the language. */
export function detailsInLanguage(details: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const errors = currentLanguage() === 'en' ? undefined : listed.safeParse(details['errors']).data;
  if (!errors) return details;
  return { ...details, errors: errors.map((error) => ({ ...error, message: inLanguage(error.message) })) };
}

/** What zod itself says where a schema has no words of its own. */
const OWN_WORDS: Readonly<Record<Language, z.core.$ZodErrorMap | undefined>> = {
  en: undefined,
  de: z.locales.de().localeError,
  es: z.locales.es().localeError,
  hi: z.locales.hi().localeError
};

/** `schema.safeParse(given)`, for what a program sent. */
export function parseInLanguage<T>(schema: z.ZodType<T>, given: unknown): z.ZodSafeParseResult<T> {
  const error = OWN_WORDS[currentLanguage()];
  return schema.safeParse(given, error && { error });
}
