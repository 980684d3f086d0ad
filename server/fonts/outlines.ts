import { runsOf, type Face } from './fonts.ts';
import { inReadingOrder, isRightToLeft } from './reading-order.ts';

/** Text as outlines of its letters (the `d` of an SVG path): drawn the same where no font is installed. */
export interface OutlineStyle {
  face: Face;
  size: number;
  /** What does not fit in these lines ends with an ellipsis. */
  maxLines: number;
}

interface Word {
  text: string;
  width: number;
  rightToLeft: boolean;
}

const SPACE = 0.27;
/** A letter that no font of ours has: an empty box of this width. */
const MISSING = 0.6;

/** Lines that begin at `x`, the first one's letters standing on `y + size`; answers the path and where it ends below. */
export function outlineText(
  text: string,
  at: { x: number; y: number; width: number },
  style: OutlineStyle
): { path: string; bottom: number } {
  const lines = wrap(text, at.width, style);
  const step = style.size * 1.15;
  const path = lines.map((line, n) => outlineLine(line, at.x, at.y + n * step + style.size, style)).join('');
  return { path, bottom: at.y + lines.length * step };
}

function wrap(text: string, width: number, style: OutlineStyle): Word[][] {
  const lines: Word[][] = [];
  let used = Infinity;
  for (const given of text.normalize('NFC').split(/\s+/).filter(Boolean)) {
    const word = shortened(given, width, style);
    if (used + SPACE * style.size + word.width > width) {
      lines.push([]);
      used = -SPACE * style.size;
    }
    lines.at(-1)?.push(word);
    used += SPACE * style.size + word.width;
  }
  const kept = lines.slice(0, style.maxLines);
  const last = kept.at(-1);
  if (last && lines.length > kept.length) last.push(shortened(`${last.pop()?.text ?? ''}…`, width, style));
  return kept;
}

function shortened(text: string, width: number, style: OutlineStyle): Word {
  let letters = Array.from(text);
  let measured = measure(text, style);
  while (measured > width && letters.length > 1) {
    letters = letters.slice(0, Math.max(1, letters.length - 2));
    measured = measure(`${letters.join('')}…`, style);
  }
  const whole = letters.length === Array.from(text).length;
  return { text: whole ? text : `${letters.join('')}…`, width: measured, rightToLeft: isRightToLeft(text) };
}

function measure(word: string, { face, size }: OutlineStyle): number {
  return runsOf(word, face).reduce((sum, { text, file }) => {
    if (!file) return sum + Array.from(text).length * MISSING * size;
    const font = file.font();
    return sum + (font.layout(text).advanceWidth * size) / font.unitsPerEm;
  }, 0);
}

function outlineLine(line: readonly Word[], x: number, baseline: number, style: OutlineStyle): string {
  let pen = x;
  let path = '';
  for (const word of inReadingOrder(line)) {
    const runs = runsOf(word.text, style.face);
    for (const { text, file } of word.rightToLeft ? runs.toReversed() : runs) {
      if (!file) {
        for (const _ of text) {
          path += box(pen, baseline, style.size);
          pen += MISSING * style.size;
        }
        continue;
      }
      const font = file.font();
      const scale = style.size / font.unitsPerEm;
      const { glyphs, positions } = font.layout(text);
      for (const [n, glyph] of glyphs.entries()) {
        const { xAdvance = 0, xOffset = 0, yOffset = 0 } = positions[n] ?? {};
        // `transform` answers a new path; the glyph's own is kept with the font.
        path += glyph.path.transform(scale, 0, 0, -scale, pen + xOffset * scale, baseline - yOffset * scale).toSVG();
        pen += xAdvance * scale;
      }
    }
    pen += SPACE * style.size;
  }
  return path;
}

const box = (x: number, baseline: number, size: number) => {
  const [width, height] = [MISSING * size - 4, 0.66 * size];
  return `M${x + 2} ${baseline}h${width}v${-height}h${-width}zm3 -3v${6 - height}h${width - 6}v${height - 6}z`;
};
