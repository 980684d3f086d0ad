import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStorage, type PictureStorage } from '../../server/pictures/storage.ts';

/**
 * A stand-in for a third party: as much of S3 as is used, over real HTTP. Like S3 it refuses what is not signed, and
 * answers in XML.
 */
function fakeS3() {
  const objects = new Map<string, { bytes: Buffer; type: string }>();
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', headers } = request;
      const path = new URL(request.url ?? '/', 'http://s3').pathname;
      asked.push(`${method} ${path}`);
      const fail = (status: number, code: string) =>
        response
          .writeHead(status, { 'content-type': 'application/xml' })
          .end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`);
      const signed = /^AWS4-HMAC-SHA256 Credential=KEY\/\d{8}\/eu-test-1\/s3\/aws4_request, .*Signature=[0-9a-f]{64}$/;
      if (!signed.test(headers.authorization ?? '')) return fail(403, 'AccessDenied');
      const object = objects.get(path);
      if (method === 'PUT') {
        objects.set(path, { bytes: Buffer.concat(chunks), type: headers['content-type'] ?? '' });
        return response.writeHead(200, { etag: '"x"' }).end();
      }
      if (method === 'DELETE') {
        objects.delete(path);
        return response.writeHead(204).end();
      }
      if (!object) return fail(404, 'NoSuchKey');
      return response.writeHead(200, { 'content-type': object.type }).end(object.bytes);
    });
  });
  return { server, objects, asked };
}

const NAME = `${'a1'.repeat(12)}-480.webp`;
const s3 = fakeS3();
let home: string;
const stores: Record<string, PictureStorage> = {};
const settings = { bucket: 'house', region: 'eu-test-1', accessKeyId: 'KEY', secretAccessKey: 'a secret' };
let endpoint: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'fullhouse-storage-'));
  await new Promise<void>((listening) => s3.server.listen(0, '127.0.0.1', listening));
  const address = s3.server.address();
  endpoint = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  stores['disk'] = openStorage({ dataDir: home, s3: null });
  stores['S3'] = openStorage({ dataDir: '/nowhere', s3: { ...settings, endpoint } });
});
afterAll(async () => {
  s3.server.closeAllConnections();
  s3.server.close();
  await rm(home, { recursive: true, force: true });
});

describe.each(['disk', 'S3'])('pictures on %s', (kind) => {
  const store = () => stores[kind] as PictureStorage;

  it('come back as they went in, and are gone when they are removed', async () => {
    expect(await store().get(NAME)).toBeNull();
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, n) => n % 256));
    await store().put(NAME, bytes, 'image/webp');
    expect(Buffer.from((await store().get(NAME)) ?? [])).toEqual(bytes);
    await store().put(NAME, Buffer.from('again'), 'image/webp');
    expect(Buffer.from((await store().get(NAME)) ?? []).toString()).toBe('again');
    await store().remove(NAME);
    expect(await store().get(NAME)).toBeNull();
    await store().remove(NAME);
  });

  it('have no names but those we give', async () => {
    for (const name of ['../x', '/etc/passwd', '', 'x-480.webp', `${NAME}/..`, NAME.toUpperCase()]) {
      await expect((async () => store().put(name, Buffer.from('x'), 'image/webp'))(), name).rejects.toThrow();
      await expect((async () => store().get(name))(), name).rejects.toThrow();
      await expect((async () => store().remove(name))(), name).rejects.toThrow();
    }
  });
});

describe('the disk', () => {
  it('shows no half a file: what is being written has another name', async () => {
    const store = stores['disk'] as PictureStorage;
    const large = Buffer.alloc(4_000_000, 7);
    await store.put(NAME, Buffer.alloc(4_000_000, 6), 'image/webp');
    const writing = store.put(NAME, large, 'image/webp');
    let done = false;
    void writing.then(() => (done = true));
    while (!done) expect(new Set(await store.get(NAME)).size).toBe(1);
    await writing;
    expect(await readdir(join(home, 'pictures'))).toEqual([NAME]);
    await store.remove(NAME);
  });
});

describe('S3', () => {
  it('is given the type, under a folder of the bucket, and asked for nothing but single objects', async () => {
    const store = stores['S3'] as PictureStorage;
    await store.put(NAME, Buffer.from('x'), 'image/webp');
    expect(s3.objects.get(`/house/pictures/${NAME}`)).toEqual({ bytes: Buffer.from('x'), type: 'image/webp' });
    await store.remove(NAME);
    expect(s3.asked.every((line) => /^(PUT|GET|DELETE) \/house\/pictures\/[0-9a-z-]+\.webp$/.test(line))).toBe(true);
  });

  it('that refuses is no picture that is missing: the error is thrown', async () => {
    const stranger = openStorage({ dataDir: home, s3: { ...settings, endpoint, accessKeyId: 'WRONG' } });
    await expect(stranger.get(NAME)).rejects.toThrow(/AccessDenied/);
  });
});
