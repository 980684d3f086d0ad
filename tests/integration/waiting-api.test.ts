import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WaitingWish } from '../../src/lib/domain/waiting.ts';
import { createApp } from '../../server/app.ts';
import { createLog } from '../../server/log.ts';
import type { Running } from '../../server/serve.ts';
import { call, startApi } from './api-server.ts';
import { person, type Person } from './organizers.ts';
import { bookInPostgres, makeShow, type MadeShow } from './shows.ts';
import { makeConfig } from './stack.ts';
import { createDeclineKeys } from '../../server/waiting/decline-keys.ts';
import { TEST_SECRET } from './configuration.ts';
import { until, visitorsOf, wait } from './visitors.ts';

/** The waiting list as clients of the API, people without JavaScript, and open pages see it. */
let running: Running;
let show: MadeShow;
let [ada, eve] = [] as unknown as [Person, Person];
const visitors = visitorsOf(() => [running]);

beforeAll(async () => {
  running = await startApi(await makeConfig({ WORKER: 'separate' }));
  show = await makeShow(running.app.db, 4);
  // Somebody else has booked them all.
  await bookInPostgres(running.app.db, show, [0, 1, 2, 3]);
  [ada, eve] = [await person(running), await person(running)];
});
afterAll(async () => {
  visitors.leaveAll();
  await running.close();
});

const ask = (what: string, by: Person | null, body?: unknown) =>
  call(running.url, what, { ...(by ? { token: by.token } : {}), ...(body === undefined ? {} : { body }) });
const wishesOf = async (by: Person) => (await ask('GET /waiting/mine', by)).body?.['items'] as WaitingWish[];
const post = (path: string, form: string, by: Person | null) =>
  fetch(`${running.url}${path}`, {
    ...{ method: 'POST', redirect: 'manual', body: form },
    headers: {
      ...{ accept: 'text/html', origin: running.url, 'content-type': 'application/x-www-form-urlencoded' },
      ...(by ? { cookie: `fullhouse_session=${by.token}` } : {})
    }
  });
const look = async (path: string, by: Person | null) => {
  const answer = await fetch(`${running.url}${path}`, {
    redirect: 'manual',
    headers: { accept: 'text/html', ...(by ? { cookie: `fullhouse_session=${by.token}` } : {}) }
  });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
};

describe('the waiting list over HTTP', () => {
  it('is joined, seen, and left', async () => {
    const list = `/shows/${show.id}/waiting`;
    expect((await ask(`POST ${list}`, null, { count: 1 })).status).toBe(401);
    expect((await ask(`POST ${list}`, ada, { count: 0 })).body).toMatchObject({ code: 'INVALID' });
    const joined = await ask(`POST ${list}`, ada, { count: 2 });
    expect([joined.status, joined.body?.['wish']]).toMatchObject([201, { state: 'WAITING', count: 2, ahead: 0 }]);
    expect((await ask(`POST ${list}`, ada, { count: 3 })).body).toMatchObject({ code: 'ALREADY_WAITING' });
    expect(await wishesOf(ada)).toHaveLength(1);
    expect(await wishesOf(eve)).toEqual([]);
    expect((await ask(`GET ${list}`, ada)).status).toBe(404);
    expect((await ask(`DELETE ${list}`, eve)).status).toBe(404);
    expect((await ask(`DELETE ${list}`, ada)).status).toBe(204);
    expect((await wishesOf(ada))[0]?.state).toBe('LEFT');
  });

  it('is joined by a plain form, which comes back after signing in', async () => {
    const sold = await look(`/shows/${show.id}`, null);
    expect(sold.text).toContain('Sign in and join');
    const asked = await post(`/shows/${show.id}?/wait`, 'count=2&tier=standard', null);
    expect(asked.status).toBe(303);
    const back = new URL(asked.headers.get('location') ?? '', running.url).searchParams.get('next') ?? '';
    expect(back).toBe(`/shows/${show.id}?wait=2&tier=standard`);
    expect((await look(back, ada)).text).toContain('Join the waiting list');
    expect((await post(`/shows/${show.id}?/wait`, 'count=2', ada)).status).toBe(200);
    expect((await look('/bookings', ada)).text).toContain('Nobody came before you');
  });

  it('tells open pages of an offer, which only its person sees, and the key of the mail declines', async () => {
    const [wish] = await wishesOf(ada);
    expect(wish?.state).toBe('WAITING');
    const socket = await visitors.connect(0, { token: ada.token });
    const others = await visitors.connect(0, { token: eve.token });
    const heard: unknown[] = [];
    socket.on('waiting:offer', (event: unknown) => heard.push(event));
    others.on('waiting:offer', () => heard.push('eve'));
    // The booking is given back: its seats go to the list.
    await running.app.db.query('update booking_seat set live = false where show_id = $1 and seat_index in (1, 2)', [
      show.id
    ]);
    await running.app.seats.free(show.id, [1, 2]);
    // The worker is a process without sockets: the nodes hear of the offer through Redis.
    const worker = createApp(running.app.config, { log: createLog('silent', false) });
    while (!(await worker.seats.ping())) await wait(20);
    await worker.waiting.serveAll();
    await until(() => heard.length > 0);
    await worker.close();
    expect(heard).toEqual([{ showId: show.id }]);

    const page = `/waiting/${wish?.id ?? ''}`;
    const mine = await look(page, ada);
    expect(mine.text).toContain('2 seats for you');
    expect(mine.text).toContain(`/checkout/${(await wishesOf(ada))[0]?.offer?.holdId ?? '-'}`);
    expect((await look(page, eve)).status).toBe(404);
    expect((await look(page, null)).status).toBe(303);
    expect((await post(`${page}?/decline`, '', eve)).status).toBe(404);
    expect((await post(`${page}?/decline&token=wrong`, '', null)).status).toBe(404);
    expect((await ask(`POST ${page}/decline`, eve)).status).toBe(404);
    expect((await wishesOf(ada))[0]?.state).toBe('OFFERED');

    // Opening the link, as scanners of mail do, declines nothing.
    const hold = (await wishesOf(ada))[0]?.offer?.holdId ?? '';
    const link = `${page}?token=${createDeclineKeys(TEST_SECRET).keyOf(wish?.id ?? '', hold)}`;
    const opened = await look(link, null);
    expect([opened.status, opened.headers.get('referrer-policy')]).toEqual([200, 'same-origin']);
    expect(opened.text).toContain('Decline the offer');
    expect((await wishesOf(ada))[0]?.state).toBe('OFFERED');
    const declined = await post(link.replace('?', '?/decline&'), '', null);
    expect([declined.status, await declined.text()]).toEqual([200, expect.stringContaining('You gave the offer up')]);
    expect((await wishesOf(ada))[0]?.state).toBe('DECLINED');
    expect((await ask(`POST ${page}/decline`, ada)).body?.['wish']).toMatchObject({ state: 'DECLINED' });
  });

  it('says to those who run the show how many wait', async () => {
    await ask(`POST /shows/${show.id}/waiting`, eve, { count: 3 });
    const admin = await person(running, 'admin');
    expect((await ask(`GET /shows/${show.id}/waiting`, admin)).body).toEqual({
      ...{ wishes: 1, seats: 3, offered: 0 },
      bySize: [{ count: 3, wishes: 1 }]
    });
    const room = await fetch(`${running.url}/admin/shows/${show.id}`, {
      headers: { accept: 'text/html', cookie: `fullhouse_session=${admin.token}` }
    });
    expect(await room.text()).toMatch(/One wish waits for 3\s+seats/);
  });

  it('is in what somebody takes along, and over when they leave for good', async () => {
    const taken = await ask('GET /me/export', eve);
    expect(taken.body?.['waiting']).toMatchObject([{ seats: 3, state: 'WAITING', event: 'A Test Play' }]);
    const gone = await ask('DELETE /me', eve, { current: 'a long enough password' });
    expect(gone.status).toBe(204);
    const { rows } = await running.app.db.query<{ state: string }>(
      'select state from waiting_wish where user_id = $1',
      [eve.id]
    );
    expect(rows).toEqual([{ state: 'LEFT' }]);
  });
});
