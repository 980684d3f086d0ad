import { currentLanguage, currentLocale, type Language } from './language.ts';

interface Parts {
  what: string;
  more: string;
}
type Says = (of: Parts, options?: { locale?: Language }) => string;
interface Known {
  says: Says;
  is: RegExp;
}

const PLACES: Parts = { what: '\u0001', more: '\u0002' };

/**
 * What the domain and the server say in English, found again and said in the language of whoever is spoken to; undefined
 * for what is none of the sentences, and in English. A sentence has `{what}` and `{more}` at most.
 */
export function englishAgain(sentences: object): (english: string) => string | undefined {
  let known: readonly Known[] | undefined;
  return (given) => {
    if (currentLanguage() === 'en') return undefined;
    for (const { says, is } of (known ??= allOf(sentences))) {
      const found = is.exec(given);
      if (found) return says({ what: inNumbers(found.groups?.['what']), more: inNumbers(found.groups?.['more']) });
    }
    return undefined;
  };
}

/** Longer texts come first: `must be at most 20 %` is no `must be at most …`. */
const allOf = (sentences: object): readonly Known[] =>
  // Compiled: one without a part simply does not look at it.
  (Object.values(sentences) as readonly Says[])
    .map((says) => ({ says, english: says(PLACES, { locale: 'en' }) }))
    .sort((a, b) => b.english.length - a.english.length)
    .map(({ says, english }) => ({ says, is: patternOf(english) }));

const patternOf = (english: string) =>
  new RegExp(
    `^${english
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replace(PLACES.what, '(?<what>.+?)')
      .replace(PLACES.more, '(?<more>.+)')}$`
  );

/** `1,250` as the reader writes it; everything else as it is. */
const inNumbers = (part = '') =>
  /^\d{1,3}(,\d{3})+$/.test(part) ? Number(part.replaceAll(',', '')).toLocaleString(currentLocale()) : part;
