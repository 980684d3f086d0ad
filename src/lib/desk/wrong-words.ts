import { currentLanguage, type Language } from '#domain/language.ts';
import * as m from '#domain/messages/compiled/desk_wrong.js';
import { knowWords } from '$lib/forms/wrong-words.ts';

/**
 * What the domain and the server say is wrong with a field of the desk. They say it in English, which is what programs are
 * answered in; here that English is found again and said in the language of the page. A message more in desk_wrong.json is
 * known by that alone.
 */
interface Parts {
  what: string;
  more: string;
  label: string;
}
type Says = (of: Parts, options?: { locale?: Language }) => string;
interface Known {
  says: Says;
  is: RegExp;
}

const { at_field, ...sentences } = m;
const PLACES = { what: '\u0001', more: '\u0002', label: '' };
let known: readonly Known[] | undefined;

/** Longer texts come first: `must be at most 20 %` is no `must be at most …`. */
function allKnown(): readonly Known[] {
  // Compiled: one without a part simply does not look at it.
  return (Object.values(sentences) as readonly Says[])
    .map((says) => ({ says, english: says(PLACES, { locale: 'en' }) }))
    .sort((a, b) => b.english.length - a.english.length)
    .map(({ says, english }) => ({ says, is: patternOf(english) }));
}
const patternOf = (english: string) =>
  new RegExp(
    `^${english
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replace(PLACES.what, '(?<what>.+?)')
      .replace(PLACES.more, '(?<more>.+)')}$`
  );

/** `Preis: fehlt`; undefined for what is none of these. */
export function wrongInWords(label: string, wrong: string): string | undefined {
  if (currentLanguage() === 'en') return undefined;
  for (const { says, is } of (known ??= allKnown())) {
    const found = is.exec(wrong);
    if (found) return at_field({ label, wrong: says({ ...PLACES, ...found.groups }) });
  }
  return undefined;
}

/** The pages of the desk say so; those of visitors do without these words. */
export const knowDeskWords = () => {
  knowWords(wrongInWords);
};
