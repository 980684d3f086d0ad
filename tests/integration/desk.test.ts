import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Running } from '../../server/serve.ts';
import { call, startApi, type Answer } from './api-server.ts';
import { idOf, makeDesk, person, PRICES, VENUE, type Person } from './organizers.ts';
import { bookInPostgres } from './shows.ts';
import { makeConfig } from './stack.ts';
import { until, visitorsOf } from './visitors.ts';

/** What organizers do, over HTTP, with everything behind it. */
let running: Running;
let otto: Person;

beforeAll(async () => {
  running = await startApi(await makeConfig());
  otto = await person(running, 'organizer');
});
afterAll(() => running.close());

const ask = (what: string, body?: unknown, by = otto) =>
  call(running.url, what, { token: by.token, ...(body === undefined ? {} : { body }) });
const problem = (answer: Answer) => [answer.status, answer.body?.['code']];
const paths = (answer: Answer) => (answer.body?.['errors'] as { path: string }[]).map(({ path }) => path);
const items = (answer: Answer) => answer.body?.['items'] as Record<string, unknown>[];

describe('venues', () => {
  it('are made, listed, read, changed and deleted', async () => {
    const made = await ask('POST /venues', { ...VENUE, name: 'The Crooked Door', timeZone: 'asia/kolkata' });
    expect(made.body).toMatchObject({ slug: 'the-crooked-door', country: 'DE', timeZone: 'Asia/Kolkata', version: 1 });
    const id = idOf(made);
    expect(items(await ask('GET /venues?q=crooked'))).toMatchObject([{ id }]);
    const changed = await ask(`PATCH /venues/${id}`, { city: 'Bonn', version: 1 });
    expect(changed.body).toMatchObject({ name: 'The Crooked Door', city: 'Bonn', version: 2 });
    expect((await ask(`DELETE /venues/${id}`)).status).toBe(204);
    expect(problem(await ask(`GET /venues/${id}`))).toEqual([404, 'NOT_FOUND']);
  });

  it.each([
    ['name', { name: ' ' }],
    ['name', { name: 'a\nb' }],
    ['country', { country: 'Germany' }],
    ['timeZone', { timeZone: 'Europe/Nowhere' }],
    ['timeZone', { timeZone: '+05:30' }],
    ['timeZone', { timeZone: 'CET+1' }],
    ['city', { city: 'x'.repeat(121) }]
  ])('are refused with the path %s for %o', async (path, wrong) => {
    const answer = await ask('POST /venues', { ...VENUE, ...wrong });
    expect(problem(answer)).toEqual([422, 'INVALID']);
    expect(paths(answer)).toEqual([path]);
  });

  it('of one name have addresses of their own', async () => {
    const slugs = await Promise.all(
      [1, 2, 3].map(async () => (await ask('POST /venues', { ...VENUE, name: 'Übermaß!' })).body?.['slug'])
    );
    expect(slugs.sort()).toEqual(['ubermass', 'ubermass-2', 'ubermass-3']);
  });

  it('come in pages that a new one does not disturb', async () => {
    const nora = await person(running, 'organizer');
    for (const name of ['B', 'D', 'F']) await ask('POST /venues', { ...VENUE, name }, nora);
    const first = await ask('GET /venues?limit=2', undefined, nora);
    expect(items(first).map(({ name }) => name)).toEqual(['B', 'D']);
    await ask('POST /venues', { ...VENUE, name: 'A' }, nora);
    const second = await ask(`GET /venues?limit=2&cursor=${String(first.body?.['next'])}`, undefined, nora);
    expect(items(second).map(({ name }) => name)).toEqual(['F']);
    expect(second.body?.['next']).toBeNull();
    const newest = await ask('GET /venues?sort=newest&limit=2', undefined, nora);
    expect(items(newest).map(({ name }) => name)).toEqual(['A', 'F']);
  });
});

describe('events', () => {
  it('exist without a show on the desk alone, and keep their address when renamed', async () => {
    const made = await ask('POST /events', { kind: 'concert', title: 'Löwen & Bären', tags: ['loud'] });
    const id = idOf(made);
    expect(made.body).toMatchObject({ slug: 'lowen-baren', durationMin: null, shows: 0 });
    expect(items(await ask('GET /events?q=L%C3%B6wen'))).toEqual([]);
    expect(items(await ask('GET /events?mine=true&q=L%C3%B6wen&kind=concert'))).toMatchObject([{ id }]);
    const renamed = await ask(`PATCH /events/${id}`, { title: 'Lions', durationMin: 95 });
    expect(renamed.body).toMatchObject({ slug: 'lowen-baren', title: 'Lions', durationMin: 95, tags: ['loud'] });
    expect((await ask(`DELETE /events/${id}`)).status).toBe(204);
  });

  it('cannot take the address of another event by its title', async () => {
    const desk = await makeDesk(running, otto);
    const thief = await ask('POST /events', { kind: 'other', title: desk.eventId }, await person(running, 'organizer'));
    expect(thief.body).toMatchObject({ slug: desk.eventId });
    expect((await ask(`GET /events/${desk.eventId}`)).body).toMatchObject({ id: desk.eventId });
  });

  it.each([
    ['kind', { kind: 'party' }],
    ['title', { title: '' }],
    ['durationMin', { durationMin: 0 }],
    ['tags', { tags: ['loud', 'Loud'] }],
    ['description', { description: 'a\u0000b' }],
    ['', { organizer_id: 'me' }]
  ])('are refused with the path %s for %o', async (path, wrong) => {
    const answer = await ask('POST /events', { kind: 'movie', title: 'Fine', ...wrong });
    expect(problem(answer)).toEqual([422, 'INVALID']);
    expect(paths(answer)).toEqual([path]);
  });
});

describe('of two people who edit the same thing', () => {
  it('the second is told, sees what is there now, and has changed nothing', async () => {
    const desk = await makeDesk(running, otto);
    const ana = await person(running, 'admin');
    expect((await ask(`PATCH /events/${desk.eventId}`, { title: 'First', version: 1 }, ana)).status).toBe(200);
    const second = await ask(`PATCH /events/${desk.eventId}`, { title: 'Second', version: 1 });
    expect(problem(second)).toEqual([409, 'CHANGED_MEANWHILE']);
    expect(second.body).toMatchObject({ current: { title: 'First', version: 2 } });
    expect((await ask(`PATCH /events/${desk.eventId}`, { title: 'Second', version: 2 })).status).toBe(200);
  });

  it('one wins when both save at the same moment', async () => {
    const { venueId } = await makeDesk(running, otto);
    const both = await Promise.all(['A', 'B'].map((name) => ask(`PATCH /venues/${venueId}`, { name, version: 1 })));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  });
});

describe('shows', () => {
  let desk: Awaited<ReturnType<typeof makeDesk>>;
  const base = () => ({ eventId: desk.eventId, planId: desk.planId, currency: 'EUR', prices: PRICES });
  beforeAll(async () => {
    desk = await makeDesk(running, otto);
  });

  it('are on sale for everyone, at the prices of their tiers', async () => {
    const seen = await call(running.url, `GET /shows/${desk.showId}`);
    expect(seen.body).toMatchObject({
      ...{ startsAt: '2031-12-12T18:30:00.000Z', saleClosesAt: '2031-12-12T18:30:00.000Z', capacity: 120 },
      tiers: [{ tier: 'floor', price: 3800 }, { price: 2600 }, { price: 1800 }]
    });
    expect((await call(running.url, `GET /shows/${desk.showId}/plan`)).body).toMatchObject({ name: 'Zebrafink plan' });
  });

  it('of a run stand at every day and time by the clock of the venue, or not at all', async () => {
    const run = { ...base(), dates: ['2031-03-29', '2031-03-30'], times: ['19:30', '15:00'], doorsBefore: 45 };
    const made = await ask('POST /shows/runs', { ...run, closesBefore: 30 });
    expect(made.status).toBe(201);
    expect(items(made).map(({ startsAt }) => startsAt)).toEqual([
      ...['2031-03-29T14:00:00.000Z', '2031-03-29T18:30:00.000Z'],
      ...['2031-03-30T13:00:00.000Z', '2031-03-30T17:30:00.000Z']
    ]);
    expect(items(made)[0]).toMatchObject({
      ...{ doorsAt: '2031-03-29T13:15:00.000Z', saleClosesAt: '2031-03-29T13:30:00.000Z' }
    });
    const skipped = await ask('POST /shows/runs', { ...run, times: ['20:00', '02:30'] });
    expect(problem(skipped)).toEqual([422, 'INVALID']);
    expect(paths(skipped)).toEqual(['times']);
    const listed = await ask(`GET /shows?event=${desk.eventId}&limit=100`);
    expect(items(listed)).toHaveLength(5);
  });

  it.each([
    ['prices.standing', { prices: { floor: 1, gallery: 1 } }],
    ['prices.royal', { prices: { ...PRICES, royal: 1 } }],
    ['prices.floor', { prices: { ...PRICES, floor: -1 } }],
    ['prices.floor', { prices: { ...PRICES, floor: 0.5 } }],
    ['currency', { currency: 'EURO' }],
    ['startsAt', { startsAt: '2031-12-12T19:30:00' }],
    ['startsAt', { startsAt: '2020-12-12T19:30:00Z' }],
    ['saleClosesAt', { saleOpensAt: '2031-12-01T00:00:00Z', saleClosesAt: '2031-11-01T00:00:00Z' }],
    ['doorsAt', { doorsAt: '2031-12-13T00:00:00Z' }],
    ['seatsPerBuyer', { seatsPerBuyer: 51 }],
    ['eventId', { eventId: 'zzzzzzzzzzzz' }],
    ['planId', { planId: 'zzzzzzzzzzzz' }]
  ])('are refused with the path %s for %o', async (path, wrong) => {
    const answer = await ask('POST /shows', { ...base(), startsAt: '2031-12-12T19:30:00+01:00', ...wrong });
    expect(problem(answer)).toEqual([422, 'INVALID']);
    expect(paths(answer)).toEqual([path]);
  });

  it('tell the live map and its viewers of a new cap and a new end of the sale', async () => {
    const { showId } = await makeDesk(running, otto);
    const buyer = String((await call(running.url, 'POST /buyers')).body?.['token']);
    const hold = (seats: number[]) => call(running.url, `POST /shows/${showId}/holds`, { buyer, body: { seats } });
    expect((await hold([1])).status).toBe(201);
    const visitors = visitorsOf(() => [running]);
    const socket = await visitors.guest(0);
    const news: unknown[] = [];
    socket.on('show:changed', (what) => news.push(what));
    await socket.timeout(5000).emitWithAck('show:watch', { showId });

    expect((await ask(`PATCH /shows/${showId}`, { seatsPerBuyer: 2, prices: { floor: 4000 } })).body).toMatchObject({
      seatsPerBuyer: 2,
      tiers: [{ price: 4000 }, { price: 2600 }, { price: 1800 }]
    });
    expect(problem(await hold([2, 3]))).toEqual([409, 'CAP_REACHED']);
    await until(() => news.length > 0);
    expect(news[0]).toMatchObject({ showId, sale: 'open', terms: true });

    const over = { saleOpensAt: '2020-01-01T00:00:00Z', saleClosesAt: '2020-01-02T00:00:00Z' };
    expect((await ask(`PATCH /shows/${showId}`, over)).status).toBe(200);
    expect(problem(await hold([2]))).toEqual([409, 'SALE_CLOSED']);
    visitors.leaveAll();
  });

  it('that are deleted can be neither seen nor held', async () => {
    const { showId, eventId, venueId } = await makeDesk(running, otto);
    const buyer = String((await call(running.url, 'POST /buyers')).body?.['token']);
    const hold = () => call(running.url, `POST /shows/${showId}/holds`, { buyer, body: { seats: [1] } });
    expect((await hold()).status).toBe(201);
    expect(problem(await ask(`DELETE /venues/${venueId}`))).toEqual([409, 'HAS_SHOWS']);
    expect((await ask(`DELETE /shows/${showId}`)).status).toBe(204);
    expect(problem(await call(running.url, `GET /shows/${showId}`))).toEqual([404, 'NOT_FOUND']);
    expect(problem(await hold())).toEqual([404, 'NOT_FOUND']);
    expect((await ask(`DELETE /events/${eventId}`)).status).toBe(204);
    expect((await ask(`DELETE /venues/${venueId}`)).status).toBe(204);
  });
});

describe('what was booked', () => {
  it('is not deleted, nor its currency changed: not the show, its event or its venue', async () => {
    const desk = await makeDesk(running, otto);
    const show = { id: desk.showId, planId: desk.planId, eventId: desk.eventId, organizerId: otto.id };
    await bookInPostgres(running.app.db, show, [5]);
    for (const path of [`/shows/${desk.showId}`, `/events/${desk.eventId}`, `/venues/${desk.venueId}`]) {
      expect(problem(await ask(`DELETE ${path}`)), path).toEqual([409, 'HAS_BOOKINGS']);
    }
    expect(problem(await ask(`PATCH /shows/${desk.showId}`, { currency: 'USD' }))).toEqual([409, 'HAS_BOOKINGS']);
    expect((await ask(`GET /shows?event=${desk.eventId}`)).body).toMatchObject({ items: [{ booked: 1 }] });
  });
});

describe('the audit log', () => {
  it('has who changed what from what to what, and nothing of what was refused', async () => {
    const { venueId } = await makeDesk(running, otto);
    await ask(`PATCH /venues/${venueId}`, { city: 'Bonn', version: 1 });
    await ask(`PATCH /venues/${venueId}`, { city: 'Köln', version: 1 });
    const { rows } = await running.app.db.query<{ action: string; user_id: string; before: object; after: object }>(
      'select action, user_id, before, after from audit_log where thing_id = $1 order by id',
      [venueId]
    );
    expect(rows).toMatchObject([
      { action: 'create', user_id: otto.id, before: null, after: { city: 'Zebrafinkstadt' } },
      { action: 'update', user_id: otto.id, before: { city: 'Zebrafinkstadt' }, after: { city: 'Bonn' } }
    ]);
  });
});
