import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as fontkit from 'fontkit';
import { rememberingLayouts } from './shaped.ts';
import { unpackWoff } from './woff.ts';

/**
 * The fonts of what is drawn here, tickets and pictures: the faces of the pages, and for scripts that they lack Noto's. Latin, Cyrillic, Greek
 * and Vietnamese, Devanagari, Bengali, Tamil, Arabic, Hebrew and Thai are covered; anything else (Chinese and Japanese
 * would be 76 MB) is drawn as boxes. Static WOFF: pdfkit cannot take a part of the WOFF2 files that browsers get.
 */
export type Face = 'text' | 'strong' | 'title';

const SANS = ['latin', 'latin-ext', 'cyrillic', 'cyrillic-ext', 'greek', 'greek-ext', 'vietnamese'];
const NOTO = ['devanagari', 'bengali', 'tamil', 'arabic', 'hebrew', 'thai'];
const noto = (weight: number) => NOTO.map((script) => ({ family: `noto-sans-${script}`, subset: script, weight }));
const inter = (weight: number) => SANS.map((subset) => ({ family: 'inter', subset, weight }));
const CHAINS = {
  text: [...inter(400), ...noto(400)],
  strong: [...inter(600), ...noto(600)],
  title: [
    ...['latin', 'latin-ext', 'vietnamese'].map((subset) => ({ family: 'fraunces', subset, weight: 600 })),
    ...inter(600),
    ...noto(600)
  ]
};

/** One file: which characters it has letters for, and where it is. */
export interface FontFile {
  name: string;
  has(codePoint: number): boolean;
  /** Read once for all files of this process: with its tables, that is two thirds of the time a file of tickets takes. */
  font(): fontkit.Font;
}

const require = createRequire(import.meta.url);
const files = new Map<string, FontFile>();

function fileOf({ family, subset, weight }: (typeof CHAINS)['text'][number]): FontFile {
  const name = `${family}-${subset}-${weight}`;
  const known = files.get(name);
  if (known) return known;
  const folder = join(require.resolve(`@fontsource/${family}/package.json`), '..');
  const ranges = rangesOf(join(folder, 'unicode.json'), subset);
  let font: fontkit.Font | undefined;
  const file: FontFile = {
    name,
    has: (codePoint) => ranges.some(([first, last]) => codePoint >= first && codePoint <= last),
    font: () => (font ??= fontIn(readFileSync(join(folder, 'files', `${name}-normal.woff`))))
  };
  files.set(name, file);
  return file;
}

function fontIn(woff: Buffer): fontkit.Font {
  const font = fontkit.create(unpackWoff(woff));
  if (!('layout' in font)) throw new Error('a collection of fonts where one font was expected');
  return rememberingLayouts(font);
}

/** `U+0100-02BA,U+2020`, as fontsource lists what is in each of its files. */
function rangesOf(path: string, subset: string): [number, number][] {
  // Published with the fonts, and the same for as long as the lockfile is.
  const lists = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
  return (lists[subset] ?? '').split(',').map((range) => {
    const [first = '', last = first] = range.replace('U+', '').split('-');
    return [Number.parseInt(first, 16), Number.parseInt(last, 16)];
  });
}

/** A piece of text in one font; `file` null: no font of ours has these characters. */
export interface Run {
  text: string;
  file: FontFile | null;
}

/** Splits a word by the fonts that have its letters. Marks stay with the letter they stand on. */
export function runsOf(word: string, face: Face): Run[] {
  const runs: Run[] = [];
  for (const character of word) {
    const last = runs.at(-1);
    if (last && /[\p{M}\p{Cf}]/u.test(character)) {
      last.text += character;
      continue;
    }
    const codePoint = character.codePointAt(0) ?? 0;
    const chosen = CHAINS[face].find((one) => fileOf(one).has(codePoint));
    const file = chosen ? fileOf(chosen) : null;
    if (last && last.file === file) last.text += character;
    else runs.push({ text: character, file });
  }
  return runs;
}

/** Whether we have letters for all of it. */
export const canPrint = (text: string, face: Face) =>
  text.split(/\s+/).every((word) => runsOf(word, face).every(({ file }) => file !== null));
