import * as m from '#domain/messages/compiled/desk_wrong.js';
import { knowWords } from '$lib/forms/wrong-words.ts';
import { englishAgain } from '#domain/english-again.ts';

const { at_field, ...sentences } = m;
const wrongAgain = englishAgain(sentences);

/**
 * What the domain and the server say is wrong with a field of the desk, as `Preis: fehlt`; undefined for what is not known
 * here. A message more in desk_wrong.json is known by that alone.
 */
export function wrongInWords(label: string, wrong: string): string | undefined {
  const words = wrongAgain(wrong);
  return words === undefined ? undefined : at_field({ label, wrong: words });
}

/** The pages of the desk say so; those of visitors do without these words. */
export const knowDeskWords = () => {
  knowWords(wrongInWords);
};
