import { inflateSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

/**
 * Reads a PDF as pdfkit writes them, from its bytes alone: the text of each page through the fonts' ToUnicode maps,
 * and the rectangles that are filled on it.
 */
export interface PdfPage {
  text: string;
  /** Corners and sizes in the page's own units, from the top left. */
  rects: { x: number; y: number; width: number; height: number }[];
}

export function readPdf(file: Buffer): PdfPage[] {
  const raw = file.toString('latin1');
  const objects = new Map<string, string>();
  for (const [, id = '', body = ''] of raw.matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g)) objects.set(id, body);
  const streamOf = (id: string): string => {
    const body = objects.get(id) ?? '';
    const [, data = ''] = /stream\n([\s\S]*)\nendstream/.exec(body) ?? [];
    const bytes = Buffer.from(data, 'latin1');
    return (body.includes('/FlateDecode') ? inflateSync(bytes) : bytes).toString('latin1');
  };
  const refOf = (body: string, name: string) => new RegExp(`/${name} (\\d+) 0 R`).exec(body)?.[1] ?? '';
  const glyphsOf = new Map<string, Map<string, string>>();
  const mapOf = (font: string) => {
    const known = glyphsOf.get(font) ?? toUnicode(streamOf(refOf(objects.get(font) ?? '', 'ToUnicode')));
    glyphsOf.set(font, known);
    return known;
  };

  return [...objects.values()]
    .filter((body) => /\/Type \/Page\n/.test(`${body}\n`))
    .map((page) => {
      const resources = objects.get(refOf(page, 'Resources')) ?? page;
      const fonts = new Map([...resources.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(([, name = '', id = '']) => [name, id]));
      const content = streamOf(refOf(page, 'Contents'));
      const rects = [...content.matchAll(/([-\d.]+) ([-\d.]+) ([-\d.]+) ([-\d.]+) re/g)].map(([, ...numbers]) => {
        const [x = 0, y = 0, width = 0, height = 0] = numbers.map(Number);
        return { x, y, width, height };
      });
      let glyphs = new Map<string, string>();
      let text = '';
      for (const [, font, shown] of content.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
        if (font !== undefined) glyphs = mapOf(fonts.get(font) ?? '');
        else {
          const hex = [...(shown ?? '').matchAll(/<([0-9a-f]*)>/gi)].map(([, part = '']) => part).join('');
          for (const glyph of hex.match(/.{4}/g) ?? []) text += glyphs.get(glyph.toLowerCase()) ?? '\ufffd';
          text += '\n';
        }
      }
      return { text, rects };
    });
}

function toUnicode(map: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, first = '', , list = ''] of map.matchAll(/<([0-9a-f]+)> <([0-9a-f]+)> \[([^\]]*)\]/gi)) {
    [...list.matchAll(/<([0-9a-f ]*)>/gi)].forEach(([, hex = ''], n) => {
      const units = hex.replaceAll(' ', '').match(/.{4}/g) ?? [];
      const glyph = (Number.parseInt(first, 16) + n).toString(16).padStart(4, '0');
      found.set(glyph, String.fromCharCode(...units.map((unit) => Number.parseInt(unit, 16))));
    });
  }
  return found;
}

/** Draws the filled areas of a page as a scanner would see them, and reads the QR code in them. */
export async function readQr({ rects }: PdfPage): Promise<string | null> {
  const [SIZE, SCALE] = [842, 2];
  const side = SIZE * SCALE;
  const data = new Uint8ClampedArray(4 * side * side).fill(255);
  for (const { x, y, width, height } of rects) {
    for (let row = Math.round(y * SCALE); row < Math.round((y + height) * SCALE); row++) {
      for (let column = Math.round(x * SCALE); column < Math.round((x + width) * SCALE); column++) {
        data.fill(0, 4 * (row * side + column), 4 * (row * side + column) + 3);
      }
    }
  }
  // Where the pages fetch it, Node reads it.
  const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
  await prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer }, fireImmediately: true });
  const picture = { data, width: side, height: side, colorSpace: 'srgb' as const };
  const found = await readBarcodes(picture as ImageData, { formats: ['QRCode'] });
  return found[0]?.text ?? null;
}
