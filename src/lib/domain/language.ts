/** The languages that people are spoken to in, and programs that ask for one by `Accept-Language`. */
export const LANGUAGES = ['en', 'de', 'es', 'hi'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each in its own words, for whoever does not read the others. */
export const OWN_NAMES: Record<Language, string> = { en: 'English', de: 'Deutsch', es: 'Español', hi: 'हिन्दी' };

/** How each writes dates, numbers and money. */
export const LOCALES: Record<Language, string> = { en: 'en-GB', de: 'de-DE', es: 'es-ES', hi: 'hi-IN' };

export const isLanguage = (value: unknown): value is Language => LANGUAGES.some((language) => language === value);

/** What is written down of somebody; whoever has chosen none is spoken to in English. */
export const languageOf = (kept: string | null): Language => (isLanguage(kept) ? kept : 'en');

const RIGHT_TO_LEFT = new Set(['ar', 'fa', 'he', 'ur']);
export const directionOf = (language: string): 'ltr' | 'rtl' => (RIGHT_TO_LEFT.has(language) ? 'rtl' : 'ltr');

/** A header longer than this names nobody's languages. */
const LONGEST_HEADER = 500;

/** The language that a browser asks for (`de-AT,de;q=0.9,en;q=0.5`), among ours; null when it reads none of them. */
export function acceptedLanguage(header: string | null | undefined): Language | null {
  if (!header || header.length > LONGEST_HEADER) return null;
  const wishes = header.split(',').map((wish, at) => {
    const [tag = '', ...parameters] = wish.trim().split(/\s*;\s*/);
    const quality = parameters
      .map((one) => /^q=(\d(?:\.\d{0,3})?)$/.exec(one)?.[1])
      .find((found) => found !== undefined);
    return { language: tag.toLowerCase().split('-')[0], weight: quality === undefined ? 1 : Number(quality), at };
  });
  wishes.sort((a, b) => b.weight - a.weight || a.at - b.at);
  for (const { language, weight } of wishes) {
    if (weight > 0 && isLanguage(language)) return language;
  }
  return null;
}

/** What somebody chose here comes first, then what they chose on another device, then what their browser asks for. */
export function chooseLanguage(of: {
  cookie?: string | null | undefined;
  account?: string | null | undefined;
  accepted?: string | null | undefined;
}): Language {
  if (isLanguage(of.cookie)) return of.cookie;
  if (isLanguage(of.account)) return of.account;
  return acceptedLanguage(of.accepted) ?? 'en';
}

/** server/language.ts puts it there: pages are built into a module graph of their own, and one process answers many at once. */
const SPEAKING = Symbol.for('fullhouse.language');

/** A page is in one language from its first byte; choosing another loads it anew. */
const ofPage = typeof document === 'undefined' ? null : document.documentElement.lang;

/** The language of the page in a browser; on a server that of the request or job that is being answered. */
export function currentLanguage(): Language {
  if (ofPage !== null) return isLanguage(ofPage) ? ofPage : 'en';
  const speaking = Reflect.get(globalThis, SPEAKING) as { getStore(): Language | undefined } | undefined;
  return speaking?.getStore() ?? 'en';
}

/** A thread that works for one reader at a time and has no page: from now on it speaks their language. */
export function speakHere(language: Language) {
  Reflect.set(globalThis, SPEAKING, { getStore: () => language });
}

/** How the one who is spoken to writes dates, numbers and money. */
export const currentLocale = (): string => LOCALES[currentLanguage()];
