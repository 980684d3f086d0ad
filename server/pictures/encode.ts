import sharp, { type Sharp } from 'sharp';
import { isRefusal, type Refusal } from '#domain/refusal.ts';
import type { PictureFormat } from './banner.ts';
import { damaged } from './bad-picture.ts';
import { inspect, openPicture } from './inspect.ts';

export type PictureUse = 'banner' | 'background';

/** A file to keep. `size` is the width it may have at most. */
export interface Rendition {
  size: number;
  format: PictureFormat;
  bytes: Uint8Array;
}

const SIZES: Record<PictureUse, readonly number[]> = { banner: [480, 960, 1600], background: [1600] };
const FORMATS: Record<PictureUse, readonly PictureFormat[]> = { banner: ['webp', 'jpg'], background: ['webp'] };
/** Seconds of work on one file, after which libvips gives up on it. */
const PATIENCE_S = 15;
const QUALITY = { webp: 80, jpg: 82 };

// One thread a picture, and nothing kept: the machine is there to sell seats.
sharp.concurrency(1);
sharp.cache(false);

/**
 * The pixels of an upload in new files, and nothing else of it: no EXIF, no place where it was taken, nothing hidden
 * behind or between. It stands upright, in sRGB, and is never enlarged.
 */
export async function encode(
  bytes: Uint8Array,
  use: PictureUse
): Promise<{ width: number; height: number; files: Rendition[] } | Refusal> {
  const head = await inspect(bytes);
  if (isRefusal(head)) return head;
  const largest = Math.max(...SIZES[use]);
  let decoded;
  try {
    // Decoded once; all files are made of the largest.
    decoded = await openPicture(bytes)
      .timeout({ seconds: PATIENCE_S })
      .autoOrient()
      .resize({ width: largest, withoutEnlargement: true })
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
  } catch {
    // libvips says why in words for programmers; what it means for the sender is the same.
    return damaged();
  }
  const { width, height, channels } = decoded.info;
  const files: Rendition[] = [];
  for (const size of sizesFor(use, width)) {
    const pixels = sharp(decoded.data, { raw: { width, height, channels } }).resize({ width: Math.min(size, width) });
    for (const format of FORMATS[use]) {
      files.push({ size, format, bytes: await write(pixels.clone(), format) });
    }
  }
  return { width, height, files };
}

/** Up to the first that shows every pixel there is; a background always has its one name. */
function sizesFor(use: PictureUse, width: number): readonly number[] {
  const enough = SIZES[use].findIndex((size) => size >= width);
  return enough < 0 ? SIZES[use] : SIZES[use].slice(0, enough + 1);
}

const write = (pixels: Sharp, format: PictureFormat): Promise<Buffer> =>
  format === 'webp'
    ? pixels.webp({ quality: QUALITY.webp }).toBuffer()
    : // JPEG knows no transparency: what was clear becomes white, not black.
      pixels.flatten({ background: '#fff' }).jpeg({ quality: QUALITY.jpg, mozjpeg: true }).toBuffer();
