import type { Font, GlyphRun } from 'fontkit';
import { LRUCache } from 'lru-cache';

/** Words remembered of each font: the fixed ones of a ticket and what the tickets of some hundred shows say. */
const WORDS = 4000;

/**
 * A font that remembers how it laid out a word. pdfkit remembers it too, but for one file only, and most of what a file
 * of tickets says has been said by the one before: laying out words was half of the time it took.
 */
export function rememberingLayouts(font: Font): Font {
  const known = new LRUCache<string, GlyphRun>({ max: WORDS });
  const layOut = font.layout.bind(font);
  font.layout = (text, ...rest: unknown[]) => {
    // With features (pdfkit gives none for our texts) the same text may be laid out in another way.
    if (rest.some((given) => given !== undefined)) return Reflect.apply(layOut, undefined, [text, ...rest]);
    const run = known.get(text) ?? layOut(text);
    known.set(text, run);
    return copyOf(run);
  };
  return font;
}

/** pdfkit scales the positions of what it is given, in place. */
function copyOf(run: GlyphRun): GlyphRun {
  return Object.create(run, {
    positions: {
      value: run.positions.map((position) => Object.assign(Object.create(Object.getPrototypeOf(position)), position))
    }
  }) as GlyphRun;
}
