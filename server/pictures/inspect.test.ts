import { describe, expect, it } from 'vitest';
import { isRefusal } from '#domain/refusal.ts';
import * as files from '../../tests/integration/picture-files.ts';
import { formatOf, inspect, MOST_BYTES } from './inspect.ts';

const refusedWith = async (bytes: Uint8Array) => {
  const found = await inspect(bytes);
  return isRefusal(found) ? found.message : found;
};

describe('what an upload is', () => {
  it('its first bytes say, whatever comes after them', async () => {
    expect(formatOf(await files.jpeg({ width: 4, height: 4 }))).toBe('jpeg');
    expect(formatOf(await files.png({ width: 4, height: 4 }))).toBe('png');
    expect(formatOf(await files.webp({ width: 4, height: 4 }))).toBe('webp');
    for (const text of ['', 'RIFF', 'RIFF....WAVE', 'GIF89a', '<svg', '\x89PNG', '%PDF-1.7', 'picture.jpg']) {
      expect(formatOf(Buffer.from(text, 'latin1')), text).toBeNull();
    }
  });

  it('is measured upright', async () => {
    expect(await inspect(await files.snapshot())).toEqual({ format: 'jpeg', width: 600, height: 1000 });
  });
});

describe('a picture is refused that', () => {
  it('is empty', async () => expect(await refusedWith(Buffer.alloc(0))).toBe('The picture is missing.'));

  it('has more bytes than agreed', async () => {
    const large = Buffer.concat([await files.jpeg({ width: 8, height: 8 }), Buffer.alloc(MOST_BYTES)]);
    expect(await refusedWith(large)).toBe('The picture has more than 10 MB.');
  });

  it('has more pixels than agreed, and is not decoded to know it', async () => {
    expect(await refusedWith(files.hugePng(50_000, 50_000))).toMatch(/50000 × 50000 pixels: 40 million are the most/);
    expect(await refusedWith(files.hugePng(6400, 6251))).toMatch(/40 million are the most/);
    expect(await inspect(files.hugePng(6400, 6250))).toMatchObject({ format: 'png', width: 6400 });
  });

  it('is a thread', async () => {
    expect(await refusedWith(files.hugePng(20_000, 400))).toMatch(/4 times as long/);
    expect(await refusedWith(files.hugePng(401, 100))).toMatch(/4 times as long/);
    expect(await inspect(files.hugePng(400, 100))).toMatchObject({ width: 400 });
  });

  it('moves', async () => expect(await refusedWith(await files.moving('webp'))).toMatch(/moves/));

  it('has the head of one format only', async () => {
    for (const head of ['\xff\xd8\xff\xe0', '\x89PNG\r\n\x1a\n', 'RIFF\0\0\0\0WEBPVP8 ']) {
      expect(await refusedWith(Buffer.from(`${head} and then some text`, 'latin1')), head).toMatch(/is damaged/);
    }
  });
});
