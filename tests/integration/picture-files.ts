import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';

/** Files that people (and attackers) send: real ones by sharp, and heads that lie. */
const SIZE = { width: 2000, height: 1000 };

/** Left half red, right half blue, so that a turned picture shows. */
export const drawing = ({ width, height } = SIZE) =>
  sharp({ create: { width, height, channels: 3, background: '#c00' } }).composite([
    {
      input: { create: { width: Math.ceil(width / 2), height, channels: 3, background: '#00c' } },
      left: Math.floor(width / 2),
      top: 0
    }
  ]);

export const jpeg = (size = SIZE) => drawing(size).jpeg().toBuffer();
export const png = (size = SIZE) => drawing(size).png().toBuffer();
export const webp = (size = SIZE) => drawing(size).webp().toBuffer();

/** Taken with the camera turned (orientation 6: it must be turned right by 90°), by somebody who says where they live. */
export const snapshot = () =>
  drawing({ width: 1000, height: 600 })
    .jpeg()
    .withMetadata({
      orientation: 6,
      exif: {
        IFD0: { Artist: 'Ada Secret', Make: 'SecretCam' },
        IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '52/1 31/1 12/1' }
      }
    })
    .toBuffer();

export const PAYLOAD = '*/=1;alert("polyglot");/*<script>alert(1)</script>';

/** A JPEG that is a script as well: in its comment, behind its end, or both. */
export async function polyglot(): Promise<Buffer> {
  const image = await jpeg({ width: 800, height: 400 });
  const text = Buffer.from(PAYLOAD);
  const head = Buffer.from([0xff, 0xfe, 0, text.length + 2]);
  return Buffer.concat([image.subarray(0, 2), head, text, image.subarray(2), text]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A well-formed PNG that says it is this large; the pixels are one bit each, and all the same. */
export function hugePng(width: number, height: number, options: { pixels?: boolean; bomb?: number } = {}): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([1, 0, 0, 0, 0], 8);
  const rows = options.pixels ? Buffer.alloc((1 + Math.ceil(width / 8)) * height) : Buffer.alloc(16);
  const bomb = options.bomb
    ? [chunk('zTXt', Buffer.concat([Buffer.from('Comment\0\0', 'latin1'), deflateSync(Buffer.alloc(options.bomb))]))]
    : [];
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    ...bomb,
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0))
  ]);
}

/** Two frames: a picture that moves. */
export async function moving(format: 'webp' | 'gif'): Promise<Buffer> {
  const frame = async (background: string) =>
    sharp({ create: { width: 400, height: 200, channels: 3, background } })
      .png()
      .toBuffer();
  return sharp([await frame('#c00'), await frame('#00c')], { join: { animated: true } })
    .toFormat(format)
    .toBuffer();
}

export const SVG = Buffer.from(
  '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="800" height="400"><script>alert(1)</script></svg>'
);
