import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Running } from '../../server/serve.ts';
import { startApi } from './api-server.ts';
import { makeShow, type MadeShow } from './shows.ts';
import { makeConfig } from './stack.ts';

/** What search engines and those who share an address get to see. */
let running: Running;
let show: MadeShow;
let over: MadeShow;

beforeAll(async () => {
  running = await startApi(await makeConfig());
  const { db } = running.app;
  show = await makeShow(db, 120);
  over = await makeShow(db, 12);
  await db.query(`update show set cancelled_at = now(), cancel_reason = 'Flu', sale = 'closed' where id = $1`, [
    over.id
  ]);
});
afterAll(() => running.close());

const get = (path: string, headers: Record<string, string> = {}) => fetch(running.url + path, { headers });
const slugOf = async (id: string) =>
  (await running.app.db.query<{ slug: string }>('select e.slug from event e join show s on s.event_id = e.id where s.id = $1', [id])) // prettier-ignore
  .rows[0]?.slug ?? '';

it('a show’s picture is drawn from its plan, and kept', async () => {
  const path = `/shows/${show.id}/picture.png`;
  const answer = await get(path);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png']);
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 1200, height: 630 });
  // The seats are there: some bright pixels at the right for each of 120 dots, and none in the margin.
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  let [bright, edge] = [0, 0];
  for (let at = 0; at < data.length; at += info.channels) {
    if ((data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0) < 330) continue;
    const x = (at / info.channels) % info.width;
    if (x > 600) bright++;
    if (x < 30) edge++;
  }
  expect(bright).toBeGreaterThan(4 * 120);
  expect(edge).toBe(0);
  const etag = answer.headers.get('etag') ?? '';
  expect((await get(path, { 'if-none-match': etag })).status).toBe(304);
});

it('a show that is not there has none', async () => {
  for (const id of ['000000000000', 'no-id']) expect((await get(`/shows/${id}/picture.png`)).status).toBe(404);
});

it('the page of an event names its picture, and tells search engines of its shows', async () => {
  const path = `/events/${await slugOf(show.id)}`;
  const html = await (await get(path)).text();
  const { origin } = running.app.config;
  expect(html).toContain(`<meta property="og:image" content="${origin}/shows/${show.id}/picture.png"/>`);
  expect(html).toContain(`<link rel="canonical" href="${origin}${path}"/>`);
  const [, json = ''] = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(html) ?? [];
  expect(JSON.parse(json)).toMatchObject([{ url: `${origin}/shows/${show.id}`, offers: { priceCurrency: 'EUR' } }]);
});

it('the sitemap lists events with shows to come, and robots.txt the sitemap', async () => {
  const { origin } = running.app.config;
  const robots = await (await get('/robots.txt')).text();
  expect(robots).toContain(`Sitemap: ${origin}/sitemap.xml`);
  expect(robots).toContain('Disallow: /bookings');
  const answer = await get('/sitemap.xml');
  expect(answer.headers.get('content-type')).toContain('application/xml');
  const xml = await answer.text();
  expect(xml).toContain(`<loc>${origin}/events/${await slugOf(show.id)}</loc>`);
  expect(xml).not.toContain(`/events/${await slugOf(over.id)}<`);
});
