import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportQuery, type Report, type ReportName, type ReportQuery, type Row } from '../../src/lib/domain/reports.ts';
import { addDays, dayOf } from '../../src/lib/domain/time.ts';
import { isRefusal } from '../../src/lib/domain/refusal.ts';
import { createApp, type App } from '../../server/app.ts';
import type { Manager } from '../../server/catalog/ownership.ts';
import { sell, type Sold } from './sales.ts';
import { bookInPostgres, makeShow, makeUser, type MadeShow } from './shows.ts';
import { makeConfig } from './stack.ts';

/** What the reports say, against what one would count by hand. */
let app: App;
let everything: Manager;
let buyer: string;

beforeAll(async () => {
  app = createApp(await makeConfig());
  everything = { user: await makeUser(app.db, 'admin'), owner: null };
  buyer = await makeUser(app.db);
});
afterAll(() => app.close());

const owns = (show: MadeShow): Manager => ({ user: show.organizerId, owner: show.organizerId });
async function report(by: Manager, name: ReportName, query: Partial<ReportQuery>): Promise<Report> {
  const made = await app.reports.report(by, name, reportQuery.parse(query));
  if (isRefusal(made)) throw new Error(made.message);
  return made;
}
const one = (show: MadeShow, at: string, price = 1000, more: Partial<Sold> = {}): Sold => ({
  ...{ show, userId: buyer, at: new Date(at), seats: [{ index: next++ % 20, price }] },
  ...more
});
let next = 0;
const sumOf = (rows: readonly Row[], key: string) => rows.reduce((sum, row) => sum + Number(row[key]), 0);
const periods = (rows: readonly Row[]) =>
  Object.fromEntries(rows.filter(({ tickets }) => tickets !== 0).map(({ period, tickets }) => [period, tickets]));

describe('sales over time', () => {
  it('are those one would count by hand, in any zone and step', { timeout: 120_000 }, async () => {
    const zones = ['UTC', 'Asia/Kolkata', 'America/New_York', 'Europe/Berlin', 'Pacific/Auckland'];
    const start = Date.UTC(2027, 2, 1);
    const sale = fc.record({
      minutes: fc.integer({ min: 0, max: 60 * 24 * 60 }),
      price: fc.integer({ min: 0, max: 9_000 }),
      seats: fc.integer({ min: 1, max: 4 }),
      currency: fc.constantFrom('EUR', 'INR', 'JPY'),
      status: fc.constantFrom('CONFIRMED', 'CONFIRMED', 'CONFIRMED', 'PENDING', 'EXPIRED', 'REFUNDED', 'REFUND_DUE')
    });
    await fc.assert(
      fc.asyncProperty(fc.array(sale, { maxLength: 40 }), fc.constantFrom(...zones), async (sales, zone) => {
        const show = await makeShow(app.db, 200);
        let seat = 0;
        const made = sales.map(({ minutes, price, seats, currency, status }) => ({
          ...{ show, userId: buyer, currency, status: status as NonNullable<Sold['status']> },
          at: new Date(start + minutes * 60_000),
          seats: Array.from({ length: seats }, () => ({ index: seat++, price }))
        }));
        await sell(app.db, made);
        const [from, to] = ['2027-03-05', '2027-04-20'];
        const { rows } = await report(owns(show), 'sales', { from, to, zone, by: 'day' });
        const days = Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;
        const counted = new Map<string, { tickets: number; revenue: number; bookings: number }>();
        for (const { at, seats, currency, status } of made) {
          const day = dayOf(at, zone);
          if (status !== 'CONFIRMED' || day < from || day > to) continue;
          const sums = counted.get(`${day} ${currency}`) ?? { tickets: 0, revenue: 0, bookings: 0 };
          counted.set(`${day} ${currency}`, {
            tickets: sums.tickets + seats.length,
            revenue: sums.revenue + seats.reduce((sum, { price }) => sum + price, 0),
            bookings: sums.bookings + 1
          });
        }
        const currencies = new Set([...counted.keys()].map((key) => key.slice(11)));
        // Every day of the window has its row, also where nothing was sold.
        expect(rows).toHaveLength(days * currencies.size);
        for (const { period, currency, ...sums } of rows) {
          const expected = counted.get(`${String(period)} ${String(currency)}`);
          expect(sums).toEqual(expected ?? { tickets: 0, revenue: 0, bookings: 0 });
        }
        for (const by of ['hour', 'week'] as const) {
          const same = await report(owns(show), 'sales', {
            from,
            to: by === 'hour' ? addDays(from, 30) : to,
            zone,
            by
          });
          if (by === 'week') expect(sumOf(same.rows, 'tickets')).toBe(sumOf(rows, 'tickets'));
          else {
            const inside = rows.filter(({ period }) => String(period) <= addDays(from, 30));
            expect(sumOf(same.rows, 'revenue')).toBe(sumOf(inside, 'revenue'));
          }
        }
      }),
      { numRuns: 15 }
    );
  });

  it('put a sale at 23:30 UTC into the next day of Kolkata', async () => {
    const show = await makeShow(app.db, 20);
    await sell(app.db, [one(show, '2027-05-10T23:30:00Z'), one(show, '2027-05-10T18:29:59Z')]);
    const days = { from: '2027-05-09', to: '2027-05-12' };
    expect(periods((await report(owns(show), 'sales', { ...days, zone: 'Asia/Kolkata' })).rows)).toEqual({
      ...{ '2027-05-10': 1, '2027-05-11': 1 }
    });
    expect(periods((await report(owns(show), 'sales', { ...days, zone: 'UTC' })).rows)).toEqual({ '2027-05-10': 2 });
  });

  it('know that a day has 23 hours in spring and 25 in autumn', async () => {
    const show = await makeShow(app.db, 20);
    // In the second of the two hours that the clocks of Berlin call 02:00 on that day.
    await sell(app.db, [one(show, '2027-03-28T00:59:00Z'), one(show, '2027-10-31T01:30:00Z')]);
    const hours = async (day: string) =>
      (await report(owns(show), 'sales', { from: day, to: day, zone: 'Europe/Berlin', by: 'hour' })).rows;
    const spring = await hours('2027-03-28');
    expect(spring).toHaveLength(23);
    expect(periods(spring)).toEqual({ '2027-03-28T01:00:00+01:00': 1 });
    expect(spring.map(({ period }) => period)).not.toContain('2027-03-28T02:00:00+02:00');
    const autumn = await hours('2027-10-31');
    expect(autumn).toHaveLength(25);
    expect(periods(autumn)).toEqual({ '2027-10-31T02:00:00+01:00': 1 });
  });

  it('begin a day after the gap where clocks skip midnight', async () => {
    const show = await makeShow(app.db, 20);
    // Beirut: 00:00 on 28 March 2027 does not exist, 22:00 UTC is 01:00 there.
    await sell(app.db, [one(show, '2027-03-27T21:59:00Z'), one(show, '2027-03-27T22:00:00Z')]);
    const { rows } = await report(owns(show), 'sales', { from: '2027-03-27', to: '2027-03-28', zone: 'Asia/Beirut' });
    expect(periods(rows)).toEqual({ '2027-03-27': 1, '2027-03-28': 1 });
  });

  it('cut weeks at Mondays', async () => {
    const show = await makeShow(app.db, 20);
    await sell(app.db, [one(show, '2027-06-06T12:00:00Z'), one(show, '2027-06-07T12:00:00Z')]);
    const query = { from: '2027-06-03', to: '2027-06-20', zone: 'UTC', by: 'week' as const };
    const { rows } = await report(owns(show), 'sales', query);
    expect(rows.map(({ period }) => period)).toEqual(['2027-06-03', '2027-06-07', '2027-06-14']);
    expect(periods(rows)).toEqual({ '2027-06-03': 1, '2027-06-07': 1 });
  });

  it.each([
    ['to', { from: '2027-01-02', to: '2027-01-01' }],
    ['to', { from: '1990-01-01', to: '2027-01-01' }],
    ['by', { from: '2026-01-01', to: '2027-01-01', by: 'hour' as const }],
    ['zone', { zone: 'Europe/Nowhere' }],
    ['zone', { zone: '+05:30' }]
  ])('are refused with the path %s for %o', async (path, query) => {
    const answer = await app.reports.report(everything, 'sales', reportQuery.parse(query));
    expect(answer).toMatchObject({ code: 'INVALID', details: { errors: [{ path }] } });
  });
});

describe('sales by thing', () => {
  const days = { from: '2027-07-01', to: '2027-07-31', zone: 'UTC' };

  it('never add one currency to another', async () => {
    const show = await makeShow(app.db, 20);
    await sell(app.db, [
      one(show, '2027-07-05T12:00Z', 2500, { currency: 'EUR' }),
      one(show, '2027-07-05T12:00Z', 900, { currency: 'JPY' }),
      one(show, '2027-07-06T12:00Z', 2500, { currency: 'EUR' })
    ]);
    for (const name of ['events', 'shows', 'tiers', 'venues'] as const) {
      const { rows } = await report(owns(show), name, days);
      expect(rows).toMatchObject([
        { currency: 'EUR', tickets: 2, bookings: 2, revenue: 5000 },
        { currency: 'JPY', tickets: 1, bookings: 1, revenue: 900 }
      ]);
    }
  });

  it('are an organizer’s own, and an admin’s all', async () => {
    const [mine, theirs] = [await makeShow(app.db, 5), await makeShow(app.db, 5)];
    const at = '2028-01-05T12:00Z';
    await sell(
      app.db,
      [one(mine, at, 1), one(theirs, at, 2)].map((sale) => ({ ...sale, seats: [{ index: 1, price: 7 }] }))
    );
    const january = { from: '2028-01-01', to: '2028-01-31', zone: 'UTC' };
    expect((await report(owns(mine), 'events', january)).rows.map(({ id }) => id)).toEqual([mine.eventId]);
    const all = (await report(everything, 'events', january)).rows.map(({ id }) => id);
    expect(new Set(all)).toEqual(new Set([mine.eventId, theirs.eventId]));
    const filtered = await report(everything, 'events', { ...january, event: theirs.eventId });
    expect(filtered.rows.map(({ id }) => id)).toEqual([theirs.eventId]);
    expect((await report(everything, 'events', { ...january, kind: 'movie' })).rows).toEqual([]);
  });
});

describe('occupancy, refunds and conversion', () => {
  it('count the seats of bookings that stand, and what is blocked', async () => {
    const show = await makeShow(app.db, 10);
    await bookInPostgres(app.db, show, [0, 1, 2]);
    await bookInPostgres(app.db, show, [3], 'PENDING');
    await app.db.query(`insert into seat_block (show_id, plan_id, seat_index) values ($1, $2, 9)`, [
      show.id,
      show.planId
    ]);
    const { rows } = await report(owns(show), 'occupancy', {});
    expect(rows).toMatchObject([{ id: show.id, capacity: 10, sold: 3, blocked: 1, share: 0.3, checkedIn: 0 }]);
  });

  it('say what must be paid back, and what was', async () => {
    const show = await makeShow(app.db, 10);
    await sell(
      app.db,
      [
        one(show, '2027-08-01T12:00Z', 100, { status: 'REFUND_DUE' }),
        one(show, '2027-08-01T12:00Z', 300, { status: 'REFUND_DUE' }),
        one(show, '2027-08-01T12:00Z', 700, { status: 'REFUNDED' }),
        one(show, '2027-08-01T12:00Z', 999)
      ].map((sale, n) => ({ ...sale, seats: sale.seats.map((seat) => ({ ...seat, index: n })) }))
    );
    const { rows } = await report(owns(show), 'refunds', { from: '2027-08-01', to: '2027-08-01', zone: 'UTC' });
    expect(rows).toMatchObject([{ currency: 'EUR', due: 2, amountDue: 400, refunded: 1, amountRefunded: 700 }]);
  });

  it('count each hold once, however many clicks made it, and compare it with what was booked', async () => {
    const show = await makeShow(app.db, 20);
    for (const [guest, clicks] of [
      ['g_one', [[0], [1], [2, 3]]],
      ['g_two', [[10]]]
    ] as const) {
      for (const seats of clicks) {
        const held = await app.seats.hold(show.id, guest, seats, randomUUID());
        expect(isRefusal(held)).toBe(false);
      }
    }
    const again = randomUUID();
    for (let times = 0; times < 3; times++) await app.seats.hold(show.id, 'g_three', [15], again);
    await app.seats.hold(show.id, 'g_late', [15], randomUUID());
    await app.reports.flushTraffic();
    await app.reports.flushTraffic();
    await bookInPostgres(app.db, show, [0, 1, 2, 3]);
    const { rows } = await report(owns(show), 'conversion', {});
    expect(rows).toMatchObject([{ id: show.id, holds: 3, seatsHeld: 6, begun: 1, booked: 1, share: 1 / 3 }]);
  });

  it('does not claim a share where holds were not counted', async () => {
    const show = await makeShow(app.db, 20);
    await bookInPostgres(app.db, show, [0]);
    expect((await report(owns(show), 'conversion', {})).rows).toMatchObject([{ holds: 0, booked: 1, share: null }]);
  });

  it('keep the counts of a moment when Postgres could not be written, and of a show that is gone none', async () => {
    const show = await makeShow(app.db, 20);
    app.seats.tally.add(show.id, { holds: 2, seats: 3 });
    app.seats.tally.add('gonegonegone', { holds: 1, seats: 1 });
    await app.db.query('alter table show_traffic rename to show_traffic_away');
    await app.reports.flushTraffic();
    await app.db.query('alter table show_traffic_away rename to show_traffic');
    await app.reports.flushTraffic();
    expect((await report(owns(show), 'conversion', {})).rows).toMatchObject([{ holds: 2, seatsHeld: 3 }]);
    expect((await app.db.query(`select 1 from show_traffic where show_id = 'gonegonegone'`)).rowCount).toBe(0);
  });
});

describe('the dashboard', () => {
  it('shows today beside the same weekday last week, until the same time', async () => {
    const show = await makeShow(app.db, 20);
    const now = Date.now();
    const WEEK_MS = 7 * 86_400_000;
    await sell(
      app.db,
      [
        one(show, new Date(now - 1000).toISOString(), 1000),
        one(show, new Date(now - WEEK_MS - 60_000).toISOString(), 300),
        one(show, new Date(now - WEEK_MS + 3_600_000).toISOString(), 5)
      ].map((sale, n) => ({ ...sale, seats: sale.seats.map((seat) => ({ ...seat, index: n })) }))
    );
    const today = await app.reports.today(owns(show));
    // A test that runs in the minute after midnight has its sale of last week on the day before.
    const early =
      dayOf(new Date(now - WEEK_MS - 60_000), 'Europe/Berlin') !== dayOf(new Date(now - WEEK_MS), 'Europe/Berlin');
    expect(today.sums).toEqual([
      {
        ...{ currency: 'EUR', tickets: 1, revenue: 1000 },
        ...(early ? { ticketsLastWeek: 0, revenueLastWeek: 0 } : { ticketsLastWeek: 1, revenueLastWeek: 300 })
      }
    ]);
    expect(today.shows.map(({ id }) => id)).toEqual([show.id]);
  });

  it('names what needs attention, and nobody else’s', async () => {
    const [show, other] = [await makeShow(app.db, 20), await makeShow(app.db, 20)];
    const quiet = await app.reports.dashboard(owns(other));
    expect(quiet.attention).toMatchObject({ unsoldCount: 1, mails: [], refundsDue: 0 });
    const [due] = await sell(app.db, [one(show, '2027-09-01T12:00Z', 100, { status: 'REFUND_DUE' })]);
    await app.db.query(
      `insert into email_sent (dedupe_key, message_id, recipient, rejected) values ($1, 'm', 'a@b.c', 'no such user')`,
      [`refund-due:${due}`]
    );
    const { attention } = await app.reports.dashboard(owns(show));
    expect(attention).toMatchObject({
      ...{ unsoldCount: 1, unsold: [{ id: show.id }], refundsDue: 1 },
      mails: [{ bookingId: due, what: 'refund-due', why: 'no such user' }]
    });
    expect((await app.reports.dashboard(owns(other))).attention).toEqual(quiet.attention);
  });
});
