import type PDFKit from 'pdfkit';
import { cleanText } from '../mail/addresses.ts';
import { runsOf, type Face, type Run } from '../fonts/fonts.ts';
import { inReadingOrder, isRightToLeft } from '../fonts/reading-order.ts';

/** Writes text of any script into a box of the page: pdfkit itself knows one font at a time and no right-to-left. */
export interface Style {
  face: Face;
  size: number;
  color: string;
  /** Between the base lines, as a multiple of the size. */
  leading?: number;
  maxLines?: number;
  align?: 'right';
}

type Document = InstanceType<typeof PDFKit>;
interface Word {
  runs: Run[];
  width: number;
  rightToLeft: boolean;
}
/** What is drawn at once. */
interface Piece extends Run {
  afterSpace: boolean;
}

const MISSING_WIDTH = 0.62;
const SPACE = 0.27;

export function createWriter(doc: Document) {
  const known = new Set<string>();

  function use({ file }: Run, size: number): boolean {
    if (!file) return false;
    if (!known.has(file.name)) {
      // pdfkit takes a font that has been read as well; only its types do not say so.
      doc.registerFont(file.name, file.font() as unknown as string);
      known.add(file.name);
    }
    doc.font(file.name).fontSize(size);
    return true;
  }

  const letters = (run: Run) => Array.from(run.text).length;
  const widthOf = (run: Run, size: number) =>
    use(run, size) ? doc.widthOfString(run.text) : letters(run) * MISSING_WIDTH * size;

  function measure(text: string, { face, size }: Style): Word {
    const runs = runsOf(text, face);
    const width = runs.reduce((sum, run) => sum + widthOf(run, size), 0);
    return { runs, width, rightToLeft: isRightToLeft(text) };
  }

  /** A word that is wider than the box is cut into pieces that are not. */
  function fitting(text: string, style: Style, width: number): Word[] {
    const word = measure(text, style);
    const all = Array.from(text);
    if (word.width <= width || all.length < 2) return [word];
    const half = Math.ceil(all.length / 2);
    return [all.slice(0, half), all.slice(half)].flatMap((part) => fitting(part.join(''), style, width));
  }

  function linesOf(text: string, style: Style, width: number): Piece[][] {
    const space = SPACE * style.size;
    const lines: Word[][] = [];
    let used = Infinity;
    for (const given of cleanText(text.normalize('NFC')).split(' ').filter(Boolean)) {
      for (const word of fitting(given, style, width)) {
        if (used + space + word.width > width) {
          lines.push([]);
          used = -space;
        }
        lines.at(-1)?.push(word);
        used += space + word.width;
      }
    }
    return lines.slice(0, style.maxLines ?? 4).map((line) => joined(inReadingOrder(line)));
  }

  /** Most of it is the same on every page of a booking. */
  const laidOut = new Map<string, Piece[][]>();
  function layOut(text: string, style: Style, width: number): Piece[][] {
    const key = [style.face, style.size, style.maxLines, width, text].join(' ');
    const lines = laidOut.get(key) ?? linesOf(text, style, width);
    laidOut.set(key, lines);
    return lines;
  }

  function drawRun(run: Run, x: number, y: number, { size, color }: Style): number {
    const width = widthOf(run, size);
    if (run.file) {
      doc.fillColor(color).text(run.text, x, y, { lineBreak: false, baseline: 'alphabetic' });
      return width;
    }
    doc.strokeColor(color).lineWidth(0.6);
    for (let n = 0; n < letters(run); n++) {
      doc.rect(x + n * MISSING_WIDTH * size + 1, y - 0.68 * size, MISSING_WIDTH * size - 2, 0.68 * size).stroke();
    }
    return width;
  }

  return {
    /** Writes from `top` on, not wider than `width`; answers where the next line of text may begin. */
    write(text: string, x: number, top: number, width: number, style: Style): number {
      const step = style.size * (style.leading ?? 1.35);
      const lines = layOut(text, style, width);
      for (const [n, line] of lines.entries()) {
        const gap = (piece: Piece) => (piece.afterSpace ? SPACE * style.size : 0);
        const used = () => line.reduce((sum, piece) => sum + gap(piece) + widthOf(piece, style.size), 0);
        let at = style.align === 'right' ? x + width - used() : x;
        for (const piece of line) {
          at += gap(piece);
          at += drawRun(piece, at, top + n * step + style.size, style);
        }
      }
      return top + lines.length * step;
    }
  };
}

/** A line as pieces of one font each. Words of one font stay together, so that the file is searched as it is read. */
function joined(words: readonly Word[]): Piece[] {
  const line: Piece[] = [];
  for (const [n, word] of words.entries()) {
    const runs = word.rightToLeft ? word.runs.toReversed() : word.runs;
    for (const [m, run] of runs.entries()) {
      const last = line.at(-1);
      const afterSpace = n > 0 && m === 0;
      if (last?.file && last.file === run.file && !word.rightToLeft) last.text += (afterSpace ? ' ' : '') + run.text;
      else line.push({ ...run, afterSpace });
    }
  }
  return line;
}
