import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Running } from '../../server/serve.ts';
import { call, startApi } from './api-server.ts';
import { makeDesk, person, type Person } from './organizers.ts';
import { makeConfig } from './stack.ts';

/** ETag and 304 on what everybody reads of the catalogue. */
let running: Running;
let otto: Person;
let desk: Awaited<ReturnType<typeof makeDesk>>;

beforeAll(async () => {
  running = await startApi(await makeConfig());
  otto = await person(running, 'organizer');
  desk = await makeDesk(running, otto);
});
afterAll(() => running.close());

const read = (path: string, known?: string) =>
  call(running.url, `GET ${path}`, known === undefined ? {} : { headers: { 'if-none-match': known } });

it('whoever has the list, the event, the show or its plan is told so, until something is different', async () => {
  const changes = {
    '/events?q=zebrafink': () => hold([0]),
    [`/events/${desk.eventId}`]: () => hold([1]),
    [`/shows/${desk.showId}`]: () => hold([2])
  };
  for (const [path, change] of Object.entries(changes)) {
    const first = await read(path);
    const etag = first.headers.get('etag') ?? '';
    expect(etag, path).toMatch(/^W\/"/);
    expect(first.headers.get('cache-control')).toBe('public, no-cache');
    expect(first.headers.get('vary')).toBe('accept-encoding');
    for (const known of [etag, etag.slice(2), `"other", ${etag}`, '*']) {
      const same = await read(path, known);
      expect([same.status, same.text, same.headers.get('etag')], `${path} ${known}`).toEqual([304, '', etag]);
      expect(same.headers.get('cache-control')).toBe('public, no-cache');
    }
    expect((await read(path, '"other"')).status).toBe(200);
    await change();
    const now = await read(path, etag);
    expect([now.status, now.headers.get('etag') === etag], path).toEqual([200, false]);
  }
  const plan = await read(`/shows/${desk.showId}/plan`);
  expect((await read(`/shows/${desk.showId}/plan`, `W/${plan.headers.get('etag')}`)).status).toBe(304);
});

it('what belongs to one person alone is kept by nobody', async () => {
  const mine = await call(running.url, 'GET /events?mine=true', { token: otto.token });
  expect([mine.headers.get('cache-control'), mine.headers.get('etag')]).toEqual(['no-store', null]);
  const gone = await read('/events/nothing-like-it');
  expect([gone.status, gone.headers.get('cache-control'), gone.headers.get('etag')]).toEqual([404, 'no-store', null]);
});

async function hold(seats: number[]) {
  const { token } = await person(running);
  expect((await call(running.url, `POST /shows/${desk.showId}/holds`, { token, body: { seats } })).status).toBe(201);
}
