import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { get } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Running } from '../../server/serve.ts';
import { startApi } from './api-server.ts';
import { cookieOf } from './attacks/raw.ts';
import { person } from './organizers.ts';
import { makeShow, type MadeShow } from './shows.ts';
import { makeConfig } from './stack.ts';

/**
 * What a phone on a slow line has to fetch before a page can be used, of the pages as they are built. The budgets leave
 * room for texts in four languages; all of zod, or the socket, would not fit.
 */
let running: Running;
let show: MadeShow;
let slug: string;

beforeAll(async () => {
  running = await startApi(await makeConfig());
  show = await makeShow(running.app.db, 120);
  const found = await running.app.db.query<{ slug: string }>(
    'select e.slug from event e join show s on s.event_id = e.id where s.id = $1',
    [show.id]
  );
  slug = found.rows[0]?.slug ?? '';
});
afterAll(() => running.close());

interface Fetched {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** As it went over the line. */
  bytes: Buffer;
  text: string;
}

/** fetch() would unpack the answer, and not say how large it was. */
const fetched = (path: string, accept = 'gzip, br', headers: Record<string, string> = {}) =>
  new Promise<Fetched>((resolve, reject) => {
    get(running.url + path, { headers: { 'accept-encoding': accept, ...headers } }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => {
        const bytes = Buffer.concat(parts);
        const coding = answer.headers['content-encoding'];
        const plain = coding === 'br' ? brotliDecompressSync(bytes) : coding === 'gzip' ? gunzipSync(bytes) : bytes;
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, bytes, text: plain.toString('utf8') });
      });
    }).once('error', reject);
  });

/** The page, and every script that it needs before it answers a click; `waits` for what, if they do. */
async function weigh(path: string) {
  const page = await fetched(path);
  expect(page.status).toBe(200);
  const links = [...String(page.headers['link']).matchAll(/<([^>]+)>; rel="modulepreload"/g)].map(([, href]) => href);
  const [, waiting, hand] = /\)\((\["[^\]]+"\])(, "fullhouse:live")?/.exec(page.text) ?? [];
  const named = links.length > 0 || /<link[^>]+"modulepreload"/.test(page.text);
  const waits = waiting === undefined || named ? null : hand ? 'for a hand' : 'for the first frame';
  const hrefs = waiting === undefined ? links : (JSON.parse(waiting) as string[]);
  const paths = new Set(hrefs.map((href = '') => new URL(href, running.url + path).pathname));
  const scripts = await Promise.all([...paths].map((one) => fetched(one)));
  return {
    waits,
    html: page.bytes.length,
    files: scripts.length,
    script: scripts.reduce((sum, { bytes }) => sum + bytes.length, 0),
    styles: [...page.text.matchAll(/<link(?![^>]*disabled)[^>]+rel="stylesheet"/g)].length,
    /** Those whose functions the browser would compile one by one, on the page's thread, as each is first called. */
    compiledLate: scripts.filter(({ text }) => !text.startsWith('//# allFunctionsCalledOnLoad\n')).length,
    text: scripts.map(({ text }) => text).join('\n')
  };
}

it.each([
  ['home', () => '/', { html: 16_000, script: 66_000, files: 12, waits: 'for a hand' }],
  ['event', () => `/events/${slug}`, { html: 16_000, script: 66_000, files: 12, waits: 'for a hand' }],
  ['show', () => `/shows/${show.id}`, { html: 20_000, script: 110_000, files: 14, waits: 'for the first frame' }]
])('the %s page stays within its budget', async (_, path, budget) => {
  const { html, script, files, styles, text, waits, compiledLate } = await weigh(path());
  expect(files, 'the scripts were found').toBeGreaterThan(3);
  expect(compiledLate).toBe(0);
  expect(waits).toBe(budget.waits);
  expect(html).toBeLessThanOrEqual(budget.html);
  expect(script).toBeLessThanOrEqual(budget.script);
  expect(files).toBeLessThanOrEqual(budget.files);
  // Styles are in the page, or it would be drawn a round trip later.
  expect(styles).toBe(0);
  // Checking input is the server's work, and the socket comes after the page.
  expect(text).not.toMatch(/ZodString|ZodMini/);
  expect(text).not.toContain('socket.io');
});

it('a page comes as small as the browser understands, and is the same page', async () => {
  const plain = await fetched('/', 'identity');
  expect(plain.headers['content-encoding']).toBeUndefined();
  for (const coding of ['br', 'gzip']) {
    const small = await fetched('/', coding);
    expect(small.headers).toMatchObject({
      'content-encoding': coding,
      vary: expect.stringMatching(/accept-encoding/i)
    });
    expect(small.bytes.length).toBeLessThan(plain.bytes.length / 2);
    expect(small.text).toContain('</html>');
  }
  expect((await fetched('/', 'br;q=0, gzip')).headers['content-encoding']).toBe('gzip');
  expect((await fetched('/', 'br;q=0')).headers['content-encoding']).toBeUndefined();
});

it('a page that repeats the address is not compressed for somebody who is signed in', async () => {
  const coding = async (path: string, headers: Record<string, string> = {}) =>
    (await fetched(path, 'br', headers)).headers['content-encoding'];
  const cookie = cookieOf((await person(running, 'admin')).token);
  expect(await coding('/?q=guess')).toBe('br');
  expect(await coding('/', cookie)).toBe('br');
  expect(await coding('/?q=guess', cookie)).toBeUndefined();
  expect(await coding('/reset-password?token=guess')).toBeUndefined();
});
