import { describe, expect, it } from 'vitest';
import { runsOf } from './fonts.ts';

const fontOf = (word: string) => {
  const font = runsOf(word, 'text')[0]?.file?.font();
  if (!font) throw new Error(`no font for ${word}`);
  return font;
};

describe('a font that remembers its layouts', () => {
  it.each(['Ticket', 'AVAVA', 'नमस्ते', 'שלום'])(
    'lays out %s again as it did at first, whatever was done to it',
    (word) => {
      const font = fontOf(word);
      const first = font.layout(word);
      const [width, places] = [first.advanceWidth, first.positions.map((position) => ({ ...position }))];
      for (const position of first.positions) position.xAdvance *= 7;
      expect(first.advanceWidth).toBeCloseTo(7 * width);
      const again = font.layout(word);
      expect(again.advanceWidth).toBe(width);
      expect(again.positions.map((position) => ({ ...position }))).toEqual(places);
      expect(again.glyphs).toBe(first.glyphs);
    }
  );

  it('lays out anew what is asked for with features of its own', () => {
    const font = fontOf('Ticket');
    const remembered = font.layout('Ticket');
    expect(font.layout('Ticket', { kern: false }).glyphs).not.toBe(remembered.glyphs);
  });
});
