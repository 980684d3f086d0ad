import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { RoomState } from '../../src/lib/domain/waiting-room.ts';
import type { Running } from '../../server/serve.ts';
import { call, startApi } from './api-server.ts';
import { makeDesk, person, type Person } from './organizers.ts';
import type { MadeShow } from './shows.ts';
import { makeConfig } from './stack.ts';
import { hold, say, until, visitorsOf } from './visitors.ts';

/** The waiting room as organizers, clients of the API, sockets and people without JavaScript see it. */
let running: Running;
let [owner, other] = [] as unknown as [Person, Person];
let showId = '';
const visitors = visitorsOf(() => [running]);

beforeAll(async () => {
  running = await startApi(await makeConfig({ WORKER: 'separate' }));
  [owner, other] = [await person(running, 'organizer'), await person(running, 'organizer')];
  ({ showId } = await makeDesk(running, owner));
});
afterAll(async () => {
  visitors.leaveAll();
  await running.close();
});

const ask = (what: string, given: Parameters<typeof call>[2] = {}) => call(running.url, what, given);
const buyerToken = async () => String((await ask('POST /buyers')).body?.['token']);
const page = (path: string, cookie = '', form?: string) =>
  fetch(`${running.url}${path}`, {
    ...(form === undefined ? {} : { method: 'POST', body: form }),
    redirect: 'manual',
    headers: {
      ...{ accept: 'text/html', cookie, origin: running.url },
      ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' })
    }
  });

it('is switched on by whoever runs the show; then seats are refused over HTTP and sockets alike, with the way in', async () => {
  const room = `/shows/${showId}/waiting-room`;
  expect((await ask(`GET ${room}`)).status).toBe(404);
  const wrong = await ask(`PATCH /shows/${showId}`, { token: owner.token, body: { roomPerMinute: 0 } });
  expect(wrong.body).toMatchObject({ code: 'INVALID', errors: [{ path: 'roomPerMinute' }] });
  const body = { roomPerMinute: 6000, seatsPerNetwork: 100, roomMinutes: 5, coolDownSeconds: 30 };
  const saved = await ask(`PATCH /shows/${showId}`, { token: owner.token, body });
  expect(saved.body).toMatchObject(body);
  const sync = await running.app.seats.setSale(showId);
  expect(sync).toBeUndefined();
  expect((await ask(`GET /shows/${showId}`)).body).toMatchObject({ waitingRoom: true });
  // The sale is open: nobody came before, so nobody is drawn.
  await vi.waitUntil(async () => (await ask(`GET ${room}`)).body?.['phase'] === 'open', 8000);

  const buyer = await buyerToken();
  const refused = await ask(`POST /shows/${showId}/holds`, { buyer, body: { seats: [1] } });
  expect([refused.status, refused.body?.['code']]).toEqual([409, 'NOT_ADMITTED']);
  const best = await ask(`POST /shows/${showId}/holds`, { buyer, body: { best: { count: 2 } } });
  expect(best.body).toMatchObject({ code: 'NOT_ADMITTED' });
  const socket = await visitors.connect(0, { buyerToken: buyer });
  const show = { id: showId } as MadeShow;
  expect(await hold(socket, show, [1])).toMatchObject({ ok: false, code: 'NOT_ADMITTED' });

  // Nobody may run it but those whose show it is.
  expect((await ask(`POST ${room}/pause`, { token: other.token })).status).toBe(404);
  expect((await ask(`POST ${room}/pause`, { token: owner.token })).body).toMatchObject({ paused: true });
  const states: RoomState[] = [];
  socket.on('waiting-room', (state: RoomState) => states.push(state));
  expect(await say(socket, 'waiting-room:enter', { showId })).toMatchObject({ ok: true, state: 'waits' });
  expect((await ask(`POST ${room}`, { buyer })).body).toMatchObject({ state: 'waits' });
  expect((await ask(`POST ${room}`)).status).toBe(401);
  await until(() => states.some(({ paused, waiting }) => paused && waiting === 1), 6000);
  expect((await ask(`POST ${room}/resume`, { token: owner.token })).status).toBe(202);
  await until(() => states.some(({ admittedTo }) => admittedTo > 0), 8000);
  expect((await ask(`POST ${room}`, { buyer })).body).toMatchObject({ state: 'admitted' });
  expect(await hold(socket, show, [1])).toMatchObject({ ok: true });

  const draw = await ask(`GET ${room}/draw`);
  expect(draw.body).toMatchObject({ commitment: states[0]?.commitment, entrants: 0, tickets: [] });
  expect(draw.headers.get('access-control-allow-origin')).toBe('*');
  expect((await ask(`DELETE ${room}`, { buyer })).status).toBe(204);
});

it('works without JavaScript: the way to the seats leads into it, and from it to the seats', async () => {
  const path = `/shows/${showId}/waiting-room`;
  const first = await page(`/shows/${showId}`);
  expect([first.status, first.headers.get('location')]).toEqual([303, path]);
  const cookie = first.headers.getSetCookie().map((set) => set.split(';')[0]).join('; '); // prettier-ignore
  const out = await page(path, cookie);
  expect(await out.text()).toContain('Enter the waiting room');
  expect((await page(`${path}?/enter`, cookie, '')).status).toBe(303);
  let at = await page(path, cookie);
  // The page asks again by itself until it leads on.
  if (at.status === 200) expect(await at.text()).toContain('http-equiv="refresh"');
  for (let n = 0; n < 40 && at.status === 200; n++) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    at = await page(path, cookie);
  }
  expect([at.status, at.headers.get('location')]).toEqual([303, `/shows/${showId}`]);
  expect((await page(`/shows/${showId}`, cookie)).status).toBe(200);
});
