import * as m from '#domain/messages/compiled/refusals_desk.js';
import sharp from 'sharp';
import type { Refusal } from '#domain/refusal.ts';
import { badPicture, damaged } from './bad-picture.ts';

/** What an upload really is. Its name and the type it was sent with are what somebody says; its bytes decide. */
export type UploadFormat = 'jpeg' | 'png' | 'webp';

/** Bytes; body-limit.ts says the same to whoever sends more. */
const MOST_MB = 10;
export const MOST_BYTES = MOST_MB * 1024 * 1024;
export const MOST_PIXELS = 40_000_000;
/** WebP has no room for more than 16,383. */
const LONGEST_SIDE = 16_000;
/** How many times longer one side may be than the other. */
const LONGEST_SHAPE = 4;

const starts = (bytes: Uint8Array, at: number, ...wanted: number[]) =>
  wanted.every((byte, n) => bytes[at + n] === byte);

/** By the first bytes, which every decoder goes by. */
export function formatOf(bytes: Uint8Array): UploadFormat | null {
  if (starts(bytes, 0, 0xff, 0xd8, 0xff)) return 'jpeg';
  if (starts(bytes, 0, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png';
  const riff = starts(bytes, 0, 0x52, 0x49, 0x46, 0x46) && starts(bytes, 8, 0x57, 0x45, 0x42, 0x50);
  return riff ? 'webp' : null;
}

/** How everything is opened: no more pixels than agreed, one page, and nothing that is damaged. */
export const openPicture = (bytes: Uint8Array) =>
  sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'error', pages: 1, sequentialRead: true });

/** Looks at the head of a file, without decoding it; the size is that of the upright picture. */
export async function inspect(
  bytes: Uint8Array
): Promise<{ format: UploadFormat; width: number; height: number } | Refusal> {
  if (bytes.length === 0) return badPicture(m.picture_missing(), 'is missing');
  if (bytes.length > MOST_BYTES) return badPicture(m.picture_mb({ most: MOST_MB }), `has more than ${MOST_MB} MB`);
  const format = formatOf(bytes);
  if (format === null) return badPicture(m.picture_format(), 'is not a JPEG, PNG or WebP file');
  const head = await sharp(bytes, { limitInputPixels: false, failOn: 'error' })
    .metadata()
    .catch(() => null);
  if (head?.format !== format) return damaged();
  if ((head.pages ?? 1) > 1) return badPicture(m.picture_moves(), 'moves: please send a still one');
  const { width, height } = head.autoOrient;
  const size = `${width} × ${height}`;
  if (width * height > MOST_PIXELS) {
    return badPicture(
      m.picture_pixels({ size, most: MOST_PIXELS / 1e6 }),
      `has ${size} pixels: ${MOST_PIXELS / 1e6} million are the most`
    );
  }
  const [short, long] = [Math.min(width, height), Math.max(width, height)];
  if (short < 1 || long > LONGEST_SIDE || long > short * LONGEST_SHAPE) {
    return badPicture(
      m.picture_shape({ size, most: LONGEST_SHAPE }),
      `has ${size} pixels: one side may be ${LONGEST_SHAPE} times as long as the other`
    );
  }
  return { format, width, height };
}
