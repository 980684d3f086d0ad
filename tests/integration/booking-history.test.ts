import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { myBookingsQuery } from '../../src/lib/domain/booking-search.ts';
import type { Running } from '../../server/serve.ts';
import { call, startApi } from './api-server.ts';
import { person, type Person } from './organizers.ts';
import { sell, type Sold } from './sales.ts';
import { makeShow } from './shows.ts';
import { makeConfig } from './stack.ts';

/** How customers find a booking of theirs, over HTTP and on the page, which needs no JavaScript for it. */
let running: Running;
let ada: Person;
let eve: Person;
/** Ada's bookings by a name of the test's own. */
let ids: Record<string, string>;
const DAY_MS = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS);

async function makeBooking(by: Person, title: string, startsIn: number, status: Sold['status'] = 'CONFIRMED') {
  const { db } = running.app;
  const show = await makeShow(db, 10);
  await db.query(
    `update show set starts_at = $2, sale_closes_at = $2, sale_opens_at = $2::timestamptz - interval '90 days' where id = $1`,
    [show.id, inDays(startsIn)]
  );
  await db.query('update event set title = $2 where id = $1', [show.eventId, title]);
  const sale = { show, userId: by.id, at: inDays(-20 - startsIn / 10), status, seats: [{ index: 0, price: 1000 }] };
  const [id = ''] = await sell(db, [sale]);
  return { id, show };
}

beforeAll(async () => {
  running = await startApi(await makeConfig());
  [ada, eve] = [await person(running), await person(running)];
  const { db } = running.app;
  const hamlet = await makeBooking(ada, 'Hamlet', 30);
  const lear = await makeBooking(ada, 'King Lear 100%', 3);
  const past = await makeBooking(ada, 'Macbeth', -3);
  const older = await makeBooking(ada, 'Hamlet', -30);
  const back = await makeBooking(ada, 'Othello', 5, 'REFUNDED');
  const off = await makeBooking(ada, 'Romeo', 6);
  await makeBooking(eve, 'Hamlet', 30);
  ids = { hamlet: hamlet.id, lear: lear.id, past: past.id, older: older.id, back: back.id, off: off.id };
  await db.query(
    `update venue set name = 'The Globe', city = 'London' where id = (select venue_id from show where id = $1)`,
    [lear.show.id]
  );
  await db.query(`update show set cancelled_at = now(), cancel_reason = 'ill', sale = 'closed' where id = $1`, [
    off.show.id
  ]);
  await db.query(
    `insert into ticket (id, booking_id, show_id, seat_index, short_code) values (gen_random_uuid(), $1, $2, 0, '7KDM2X9QF')`,
    [past.id, past.show.id]
  );
});
afterAll(() => running.close());

const found = async (search: Record<string, string>, by = ada) => {
  const answer = await call(running.url, `GET /bookings/mine?${new URLSearchParams(search).toString()}`, by);
  expect(answer.status, answer.text).toBe(200);
  return { items: (answer.body?.['items'] as { id: string }[]).map(({ id }) => id), next: answer.body?.['next'] };
};
const named = (...names: string[]) => names.map((name) => ids[name]);

describe('a customer’s bookings', () => {
  it('are upcoming from the next on, past from the last on, or cancelled; each is one of these', async () => {
    expect((await found({ when: 'upcoming' })).items).toEqual(named('lear', 'hamlet'));
    expect((await found({ when: 'past' })).items).toEqual(named('past', 'older'));
    expect((await found({ when: 'cancelled' })).items.sort()).toEqual(named('back', 'off').sort());
    expect((await found({})).items.sort()).toEqual(Object.values(ids).sort());
    expect((await call(running.url, 'GET /bookings/mine?when=never', ada)).status).toBe(422);
  });

  it.each([
    ['the event', 'hamLET', ['hamlet', 'older']],
    ['the venue', 'globe', ['lear']],
    ['the city', 'London', ['lear']],
    ['a ticket’s code as it is printed', '7kd-m2x-9qf', ['past']],
    ['nothing of theirs', '%', ['lear']],
    ['nothing at all', '_', []]
  ])('are found by %s', async (_, q, names) => {
    expect((await found({ q })).items.sort()).toEqual(named(...names).sort());
  });

  it('are found by the number of a booking or its beginning, and nobody else’s are', async () => {
    const id = ids['hamlet'] ?? '';
    for (const q of [id, id.slice(0, 8), id.slice(0, 8).toUpperCase()])
      expect((await found({ q })).items).toEqual([id]);
    expect((await found({ q: id }, eve)).items).toEqual([]);
    expect((await found({ q: 'Hamlet', when: 'past' })).items).toEqual(named('older'));
  });

  it('come page by page, each once, in any order and search', async () => {
    for (const when of myBookingsQuery.shape.when.unwrap().options) {
      const whole = (await found({ when })).items;
      const walked: string[] = [];
      let cursor: unknown;
      do {
        const page = await found({ when, limit: '1', ...(cursor ? { cursor: String(cursor) } : {}) });
        walked.push(...page.items);
        cursor = page.next;
      } while (cursor);
      expect(walked, when).toEqual(whole);
    }
  });

  it('are searched on the page by plain links and a form, with all of it in the address', async () => {
    const open = async (path: string, token = ada.token) =>
      fetch(`${running.url}${path}`, { redirect: 'manual', headers: { cookie: `fullhouse_session=${token}` } });
    const html = await (await open('/bookings?q=hamlet&when=upcoming')).text();
    expect(html).toContain(`/bookings/${ids['hamlet']}`);
    for (const name of ['older', 'lear', 'past']) expect(html).not.toContain(`/bookings/${ids[name]}`);
    expect(html).toMatch(/href="\/bookings\?q=hamlet&(?:amp;)?when=past"/);
    expect(html).toMatch(/<form[^>]*method="get"/);
    expect(html).toMatch(/name="when" value="upcoming"/);
    expect(html).toMatch(/name="q"[^>]*value="hamlet"|value="hamlet"[^>]*name="q"/);
    const pages = await (await open('/bookings?limit=1&when=past')).text();
    expect(pages).toMatch(/href="\?limit=1&(?:amp;)?when=past&(?:amp;)?cursor=/);
    expect(await (await open('/bookings?q=nothing')).text()).toContain('No booking of yours fits.');
    expect((await open('/bookings?when=never')).status).toBe(400);
    const out = await open('/bookings?q=hamlet', 'nobody');
    expect(out.headers.get('location')).toBe('/sign-in?next=%2Fbookings%3Fq%3Dhamlet');
  });
});
