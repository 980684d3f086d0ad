import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApp, type App } from '../../server/app.ts';
import { armFaultPoint, disarmFaultPoints } from '../../server/booking/fault-points.ts';
import type { Config } from '../../server/config.ts';
import { work } from '../../server/jobs/handlers.ts';
import { remind } from '../../server/jobs/remind.ts';
import { must, until } from './house.ts';
import { organizerOf } from './refund-house.ts';
import { sell } from './sales.ts';
import { bookInPostgres, makeShow, makeUser, type MadeShow } from './shows.ts';
import { startSmtp, type TestSmtp } from './smtp.ts';
import { makeConfig } from './stack.ts';

/** What those who have booked are told of their show: that it has changed, and that it is tomorrow. */
let smtp: TestSmtp;
let config: Config;
/** Changes and asks; its jobs do not run, so that each test says what is done and when. */
let app: App;

beforeAll(async () => {
  smtp = await startSmtp();
  config = await makeConfig({ SMTP_URL: smtp.url });
  app = createApp(config);
});
afterAll(async () => {
  await app.close();
  await smtp.close();
});
beforeEach(() => {
  smtp.behaviour = 'accept';
});
afterEach(disarmFaultPoints);

const DAY_MS = 86_400_000;
const soon = (days: number) => new Date(Math.ceil(Date.now() / 60_000) * 60_000 + days * DAY_MS).toISOString();
const addressOf = (user: string) => `${user}@test.example`;

async function makeOpera(startsAt = soon(30), zone = 'Asia/Kolkata'): Promise<MadeShow & { venueId: string }> {
  const show = await makeShow(app.db, 20);
  const found = await app.db.query<{ venue_id: string }>(
    `update show set starts_at = $2, sale_closes_at = $2 where id = $1 returning venue_id`,
    [show.id, startsAt]
  );
  const venueId = found.rows[0]?.venue_id ?? '';
  await app.db.query(
    `update venue set name = 'Opera House', address = '1 Bridge Road', city = 'Mumbai', time_zone = $2 where id = $1`,
    [venueId, zone]
  );
  return { ...show, venueId };
}
const book = async (show: MadeShow, seat: number, status: 'PENDING' | 'CONFIRMED' = 'CONFIRMED') => {
  const made = await bookInPostgres(app.db, show, [seat], status);
  return { ...made, address: addressOf(made.userId) };
};

/** Does what the outbox has, as a worker would, until nothing is due. */
async function workOff(): Promise<void> {
  for (;;) {
    const { rows } = await app.db.query<{ id: number; kind: Parameters<typeof work>[1]; payload: unknown }>(
      'select id, kind, payload from outbox where done_at is null and due_at <= now() order by id'
    );
    if (rows.length === 0) return;
    for (const { id, kind, payload } of rows) {
      await work(app, kind, payload);
      await app.db.query('update outbox set done_at = now() where id = $1', [id]);
    }
  }
}

describe('a show that is changed', () => {
  it('is told to everyone who has booked it, once, as it was and as it is', async () => {
    const opera = await makeOpera('2031-12-12T14:00:00Z');
    const [ada, bob] = [await book(opera, 0), await book(opera, 1)];
    const gone = await book(opera, 2);
    await app.db.query(`update booking set status = 'CANCELLED' where id = $1`, [gone.bookingId]);
    const patch = { startsAt: '2031-12-13T15:30:00Z', doorsAt: '2031-12-13T14:30:00Z' };
    must(await app.desk.shows.update(organizerOf(opera), opera.id, patch));
    await workOff();
    for (const { address, bookingId } of [ada, bob]) {
      const [mail, ...more] = smtp.to(address);
      expect(more).toEqual([]);
      expect(mail?.subject).toBe('Changed: A Test Play');
      for (const body of [mail?.text, mail?.html]) {
        for (const words of [
          'Fri 12 December 2031 · 19:30 (Kolkata time)',
          'Sat 13 December 2031 · 21:00 (Kolkata time)',
          'Doors open',
          '20:00',
          `/bookings/${bookingId}`
        ])
          expect(body).toContain(words);
        expect(body).not.toContain('Opera House, 1 Bridge Road');
      }
    }
    expect(smtp.to(gone.address)).toEqual([]);
  });

  it('is told when its venue has another address, and not when nothing that matters is different', async () => {
    const opera = await makeOpera();
    const ada = await book(opera, 0);
    const by = organizerOf(opera);
    must(await app.desk.venues.update(by, opera.venueId, { country: 'IN' }));
    must(await app.desk.shows.update(by, opera.id, { seatsPerBuyer: 4 }));
    await workOff();
    expect(smtp.to(ada.address)).toEqual([]);
    must(await app.desk.venues.update(by, opera.venueId, { address: '2 Harbour Street' }));
    await workOff();
    const [mail] = smtp.to(ada.address);
    expect(mail?.text).toContain('was: Opera House, 1 Bridge Road, Mumbai');
    expect(mail?.text).toContain('is now: Opera House, 2 Harbour Street, Mumbai');
  });

  it('is told when it moves to another version of its seating plan, with the seats that stay', async () => {
    const admin = { user: await makeUser(app.db, 'admin'), owner: null };
    const opera = await makeOpera();
    const plan = must(await app.desk.plans.create(admin, { venueId: opera.venueId, name: 'Hall', generate: 120 }));
    await app.db.query('delete from show_tier where show_id = $1', [opera.id]);
    const prices = { floor: 3800, gallery: 2600, standing: 1800 };
    const pricing = { ticketTypes: [], fees: [], tax: null };
    const body = { eventId: opera.eventId, planId: plan.id, seatsPerBuyer: 8, refundUntilMin: 60, currency: 'EUR' };
    const show = must(
      await app.desk.shows.create(admin, { ...body, ...pricing, prices, startsAt: soon(40), doorsAt: null })
    );
    const ada = await book({ ...opera, id: show.id, planId: plan.id }, 0);
    const next = must(await app.desk.plans.newDraft(admin, plan.id));
    must(await app.desk.plans.publish(admin, next.id, { version: next.version }));
    must(await app.desk.shows.changePlan(admin, show.id, next.id));
    await workOff();
    const [mail] = smtp.to(ada.address);
    expect(mail?.text).toContain('was: Hall, version 1');
    expect(mail?.text).toContain('is now: Hall, version 2');
    expect(mail?.text).toMatch(/Your booking stays as it is: \S+/);
  });

  it('tells who was paying at that moment once they have paid, and nobody who booked what it has become', async () => {
    const opera = await makeOpera();
    const paying = await book(opera, 0, 'PENDING');
    must(await app.desk.shows.update(organizerOf(opera), opera.id, { startsAt: soon(31) }));
    const later = await book(opera, 1);
    await workOff();
    await app.db.query(`update booking set status = 'CONFIRMED', confirmed_at = now() where id = $1`, [
      paying.bookingId
    ]);
    await app.db.query(`update outbox set due_at = now() where done_at is null and kind = 'mail.show-changed'`);
    await workOff();
    expect(smtp.to(paying.address)).toHaveLength(1);
    expect(smtp.to(later.address)).toEqual([]);
  });

  it('twice, while no mail could go out, is one mail from the first to the last; changed back, it is none', async () => {
    const opera = await makeOpera('2031-12-12T14:00:00Z');
    const ada = await book(opera, 0);
    const by = organizerOf(opera);
    for (const startsAt of ['2031-12-13T14:00:00Z', '2031-12-14T14:00:00Z'])
      must(await app.desk.shows.update(by, opera.id, { startsAt }));
    await workOff();
    expect(smtp.to(ada.address).map(({ text }) => text?.match(/(?<=was: |now: )\w+ \d+/g))).toEqual([
      ['Fri 12', 'Sun 14']
    ]);
    for (const startsAt of ['2031-12-20T14:00:00Z', '2031-12-14T14:00:00Z'])
      must(await app.desk.shows.update(by, opera.id, { startsAt }));
    await workOff();
    expect(smtp.to(ada.address)).toHaveLength(1);
  });

  it('is told to each of many once, when the worker dies after a portion and another begins anew', async () => {
    const opera = await makeShow(app.db, 1300);
    const userId = await makeUser(app.db);
    const at = new Date(Date.now() - DAY_MS);
    await sell(
      app.db,
      Array.from({ length: 1300 }, (_, index) => ({ show: opera, userId, at, seats: [{ index, price: 100 }] }))
    );
    must(await app.desk.shows.update(organizerOf(opera), opera.id, { startsAt: soon(50) }));
    const { rows } = await app.db.query<{ payload: unknown }>(
      `select payload from outbox where kind = 'show.changed' and done_at is null`
    );
    const told = async () =>
      (
        await app.db.query<{ mails: number; bookings: number }>(
          `select count(*) as mails, count(distinct payload ->> 'bookingId') as bookings from outbox o
            where kind = 'mail.show-changed' and (payload ->> 'bookingId')::uuid in (select id from booking where show_id = $1)`,
          [opera.id]
        )
      ).rows[0];
    armFaultPoint('show-changed:after-portion', () => {
      throw new Error('killed');
    });
    await expect(work(app, 'show.changed', rows[0]?.payload)).rejects.toThrow('killed');
    expect(await told()).toEqual({ mails: 500, bookings: 500 });
    disarmFaultPoints();
    for (let again = 0; again < 2; again++) await work(app, 'show.changed', rows[0]?.payload);
    expect(await told()).toEqual({ mails: 1300, bookings: 1300 });
    await app.db.query(`update outbox set done_at = now()`);
  });
});

const confirmedAt = (bookingId: string, at: string) =>
  app.db.query('update booking set confirmed_at = $2, created_at = $2 where id = $1', [bookingId, at]);
/** As if it were that moment: what is written down now, without sending it. */
const askedAt = async (at: string, bookingId: string) => {
  await remind(app, new Date(at));
  return (await app.db.query('select 1 from reminder where booking_id = $1', [bookingId])).rowCount === 1;
};

describe('the reminder', () => {
  it.each([
    // Ten in the morning of the day before, by the clock there.
    ['Asia/Kolkata', '2031-12-12T14:00:00Z', '2031-12-11T04:30:00Z'],
    ['America/New_York', '2031-07-05T00:30:00Z', '2031-07-03T14:00:00Z'],
    // The clocks go back in the night between.
    ['Europe/Berlin', '2031-10-26T18:30:00Z', '2031-10-25T08:00:00Z']
  ])('is due the day before in the zone %s', async (zone, startsAt, due) => {
    const ada = await book(await makeOpera(startsAt, zone), 0);
    await confirmedAt(ada.bookingId, '2031-01-01T00:00:00Z');
    expect(await askedAt(new Date(Date.parse(due) - 1000).toISOString(), ada.bookingId)).toBe(false);
    expect(await askedAt(due, ada.bookingId)).toBe(true);
    await app.db.query('update outbox set done_at = now()');
  });

  it('comes late when nobody worked at the hour, and not once the show has begun', async () => {
    const opera = await makeOpera('2031-12-12T14:00:00Z');
    const [ada, bob] = [await book(opera, 0), await book(opera, 1)];
    for (const { bookingId } of [ada, bob]) await confirmedAt(bookingId, '2031-01-01T00:00:00Z');
    expect(await askedAt('2031-12-12T14:00:00Z', ada.bookingId)).toBe(false);
    expect(await askedAt('2031-12-12T13:59:00Z', ada.bookingId)).toBe(true);
    await app.db.query('update outbox set done_at = now()');
  });

  it('is not for those who booked after the hour: their tickets have just come', async () => {
    const opera = await makeOpera('2031-12-12T14:00:00Z');
    const [early, late] = [await book(opera, 0), await book(opera, 1)];
    await confirmedAt(early.bookingId, '2031-12-11T04:29:59Z');
    await confirmedAt(late.bookingId, '2031-12-11T04:30:01Z');
    expect(await askedAt('2031-12-11T12:00:00Z', late.bookingId)).toBe(false);
    expect(await askedAt('2031-12-11T12:00:00Z', early.bookingId)).toBe(true);
    await app.db.query('update outbox set done_at = now()');
  });

  it('goes by the time that the show has now, and comes once though it moves again', async () => {
    const opera = await makeOpera('2031-12-12T14:00:00Z');
    const ada = await book(opera, 0);
    await confirmedAt(ada.bookingId, '2031-01-01T00:00:00Z');
    const move = (startsAt: string) =>
      app.db.query('update show set starts_at = $2 where id = $1', [opera.id, startsAt]);
    await move('2031-12-22T14:00:00Z');
    expect(await askedAt('2031-12-11T12:00:00Z', ada.bookingId)).toBe(false);
    // It is in half a day now, wherever the clocks stand.
    await move(soon(0.5));
    await confirmedAt(ada.bookingId, new Date(Date.now() - 3 * DAY_MS).toISOString());
    await remind(app);
    // The mail has waited, and the show has moved on: the reminder is taken back.
    await move('2031-12-22T14:00:00Z');
    await workOff();
    expect(smtp.to(ada.address)).toEqual([]);
    await move(soon(0.5));
    await remind(app);
    await workOff();
    expect(smtp.to(ada.address).map(({ subject }) => subject)).toEqual([
      expect.stringMatching(/^(Today|Tomorrow) at \d\d:\d\d: A Test Play$/)
    ]);
    await move(soon(0.6));
    await remind(app);
    await workOff();
    expect(smtp.to(ada.address)).toHaveLength(1);
  });

  it('comes once with two workers, whose clock fires without being asked', async () => {
    const opera = await makeOpera(soon(0.5));
    const bookings = await Promise.all([0, 1, 2].map((seat) => book(opera, seat)));
    for (const { bookingId } of bookings) await confirmedAt(bookingId, new Date(Date.now() - 3 * DAY_MS).toISOString());
    const workers = [createApp(config), createApp(config)];
    for (const worker of workers) await worker.jobs.start();
    await until('the reminders', () => bookings.every(({ address }) => smtp.to(address).length > 0));
    await Promise.all(workers.map((worker) => remind(worker)));
    await new Promise((resolve) => setTimeout(resolve, 1200));
    await Promise.all(workers.map((worker) => worker.close()));
    for (const { address } of bookings) expect(smtp.to(address)).toHaveLength(1);
  }, 20_000);
});
