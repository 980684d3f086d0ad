import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audit } from '../../server/audit/audit.ts';
import type { MoveBody } from '../../src/lib/domain/move.ts';
import { isRefusal } from '../../src/lib/domain/refusal.ts';
import { admitOne } from '../../server/check-in/admit.ts';
import { createTicketCodes } from '../../server/tickets/ticket-code.ts';
import { codeOf, holdSeats, makeBuyer, must, openHouse, stateOf, until, type House } from './house.ts';
import { buy, givenBack, organizerOf, tieredShow, unbalanced, type Paid } from './refund-house.ts';
import { makeShow, makeUser, type MadeShow } from './shows.ts';
import { startSmtp, type TestSmtp } from './smtp.ts';
import { makeConfig } from './stack.ts';

let house: House;
let smtp: TestSmtp;

beforeAll(async () => {
  smtp = await startSmtp();
  house = await openHouse(await makeConfig({ SMTP_URL: smtp.url }));
  await house.jobs.start();
});
afterAll(async () => {
  // Whatever was moved: money is conserved, and Postgres, Redis and the log of seats agree with each other.
  await until('all work done', async () => {
    const open = await house.db.query('select 1 from outbox where done_at is null and due_at <= now()');
    return open.rowCount === 0;
  });
  expect(await unbalanced(house.db)).toEqual([]);
  const { checks } = await audit({ sql: house.db, redis: house.redis.commands, keys: house.seats.keys }, { againAfterMs: 50 }); // prettier-ignore
  expect(checks.filter(({ findings }) => findings.length > 0)).toEqual([]);
  await house.close();
  await smtp.close();
});

const tiered = () => tieredShow(house.db);
const move = (paid: Paid, what: Partial<MoveBody> & { to: number[] }, key = `move ${paid.bookingId}`) =>
  house.booking.move(organizerOf(paid.show), paid.bookingId, { waive: false, collect: false, ...what }, key);
const seen = async ({ bookingId, ada }: Paid) => must(await house.booking.view(bookingId, ada.user.id));
const states = (show: MadeShow, seats: number[]) => Promise.all(seats.map((seat) => stateOf(house, show.id, seat)));
const mailsOf = ({ ada }: Paid) => smtp.to(ada.email).filter(({ subject }) => subject?.includes(' changed'));

describe('a confirmed booking', () => {
  it('is moved to other seats at the same price: new tickets are valid, old ones are not, and the buyer is told', async () => {
    const show = await makeShow(house.db, 10);
    const paid = await buy(house, show, [1, 2]);
    const old = (await seen(paid)).tickets;
    const moved = must(await move(paid, { to: [6, 7] }));
    expect(moved).toMatchObject({
      difference: 0,
      waived: 0,
      refund: null,
      booking: { status: 'CONFIRMED', total: 5000 }
    });
    expect(moved.booking.seats).toEqual([6, 7]);
    expect(await states(show, [1, 2, 6, 7])).toEqual(['available', 'available', 'booked', 'booked']);
    const { tickets } = await seen(paid);
    expect(tickets.map(({ seatIndex }) => seatIndex)).toEqual([6, 7]);
    expect(tickets.map(({ id }) => id)).not.toContain(old[0]?.id);
    const [mail] = await until('the mail', () => mailsOf(paid).length > 0 && mailsOf(paid));
    expect(mail?.subject).toBe('Your seats have changed: A Test Play');
    expect(mail?.text).toContain(
      'Stalls, row A, seat 2; Stalls, row A, seat 3 are now Stalls, row A, seat 7; Stalls, row A, seat 8'
    );
    expect(mail?.text).toContain(tickets[0]?.code);
    expect(mail?.text).not.toContain(old[0]?.code);
    const { rows } = await house.db.query(
      `select before, after from audit_log where kind = 'booking' and thing_id = $1 and action = 'move'`,
      [paid.bookingId]
    );
    expect(rows).toEqual([
      { before: { seats: [1, 2] }, after: { seats: [6, 7], difference: 0, waived: 0, refund: null } }
    ]);
  });

  it('is let in with the new ticket, and not with the old one', async () => {
    const show = await makeShow(house.db, 10);
    const paid = await buy(house, show, [1]);
    const [old] = (await seen(paid)).tickets;
    must(await move(paid, { to: [6] }));
    const [now] = (await seen(paid)).tickets;
    const { user } = organizerOf(show);
    const scan = (code = '') =>
      admitOne(house.db, createTicketCodes([house.config.secret]), { user, owners: [user] }, { code, showId: show.id });
    expect(await scan(old?.code)).toMatchObject({ code: 'BAD_TICKET', details: { reason: 'replaced' } });
    expect(await scan(now?.code)).toMatchObject({ ticket: { label: 'Stalls, row A, seat 7', n: 1, of: 1 } });
    await house.db.query('update ticket set checked_in_at = null, checked_in_by = null where booking_id = $1', [
      paid.bookingId
    ]);
  });

  it('is moved once, however often it is asked for, and back again by another key', async () => {
    const show = await makeShow(house.db, 10);
    const paid = await buy(house, show, [1, 2, 3]);
    const answers = await Promise.all(Array.from({ length: 5 }, () => move(paid, { from: [2], to: [5] })));
    expect(answers.map((answer) => (isRefusal(answer) ? answer.code : answer.booking.seats))).toEqual(
      answers.map(() => [1, 3, 5])
    );
    expect(codeOf(await move(paid, { from: [1], to: [6] }))).toBe('IDEMPOTENCY_CONFLICT');
    // The buyer may have all that the show allows: moving counted no seat twice.
    expect((await holdSeats(house, show.id, paid.ada.buyer, [0, 4, 6, 7, 8])).seats).toHaveLength(5);
    expect(must(await move(paid, { from: [5], to: [2] }, 'back')).booking.seats).toEqual([1, 2, 3]);
    expect(await states(show, [1, 2, 3, 5])).toEqual(['booked', 'booked', 'booked', 'available']);
    expect((await seen(paid)).tickets.map(({ seatIndex }) => seatIndex)).toEqual([1, 2, 3]);
  });

  it('keeps seats that are on both sides', async () => {
    const show = await makeShow(house.db, 10);
    const paid = await buy(house, show, [1, 2]);
    const [, stays] = (await seen(paid)).tickets;
    expect(must(await move(paid, { from: [1, 2], to: [2, 3] })).booking.seats).toEqual([2, 3]);
    expect((await seen(paid)).tickets[0]?.id).toBe(stays?.id);
    expect(codeOf(await move(paid, { from: [2, 3], to: [3, 2] }, 'swap'))).toBe('INVALID');
  });

  it('to cheaper seats gets the difference back, and what is left when it is cancelled then', async () => {
    const show = await tiered();
    const paid = await buy(house, show, [5, 6]);
    const moved = must(await move(paid, { from: [6], to: [10] }));
    expect(moved).toMatchObject({ difference: -3000, refund: { amount: 3000 } });
    expect(moved.booking).toMatchObject({ total: 5000, refunded: 0 });
    await until('the money', async () => (await givenBack(house.db, paid.paymentId)).length === 1);
    expect(await givenBack(house.db, paid.paymentId)).toEqual([3000]);
    const [mail] = await until('the mail', () => mailsOf(paid).length > 0 && mailsOf(paid));
    expect(mail?.text).toContain('you get €30 back');
    must(await house.booking.cancel(paid.bookingId, paid.ada.user.id));
    await until('refunded', async () => (await seen(paid)).booking.status === 'REFUNDED');
    expect(await givenBack(house.db, paid.paymentId)).toEqual([3000, 5000]);
    expect(await states(show, [5, 6, 10])).toEqual(['available', 'available', 'available']);
  });

  it('to dearer seats is not moved, unless the organizer waives the difference', async () => {
    const show = await tiered();
    const paid = await buy(house, show, [0, 1]);
    const asked = await move(paid, { from: [1], to: [5] });
    expect(asked).toMatchObject({ code: 'PAYMENT_NEEDED', details: { difference: 1500, currency: 'EUR' } });
    expect((await seen(paid)).booking.seats).toEqual([0, 1]);
    expect(await states(show, [1, 5])).toEqual(['booked', 'available']);
    const moved = must(await move(paid, { from: [1], to: [5], waive: true }, 'waived'));
    expect(moved).toMatchObject({ difference: 1500, waived: 1500, refund: null });
    expect(moved.booking).toMatchObject({ total: 5000, receipt: { subtotal: 6500, discount: 1500 } });
    // The tier that it has now, at the price that it has: no more is asked for the next seat of it.
    expect(must(await move(paid, { from: [5], to: [6] }, 'beside'))).toMatchObject({
      difference: 0,
      booking: { total: 5000 }
    });
  });

  it('is priced by the ticket types, the fees and the code that it was made with', async () => {
    const show = await tiered();
    await house.db.query(`insert into show_ticket_type values ($1, 'child', 'Child', 1, 5000, null)`, [show.id]);
    await house.db.query(`insert into show_fee values ($1, 1, 'Booking fee', 100, 0, 300)`, [show.id]);
    const paid = await buy(house, show, [0, 1, 2]);
    expect((await seen(paid)).booking.total).toBe(3 * 1250 + 3 * 100 + 300);
    await house.db.query('update show_fee set per_ticket = 900, per_booking = 9000 where show_id = $1', [show.id]);
    const moved = must(await move(paid, { from: [2], to: [10] }));
    expect(moved.difference).toBe(-750);
    expect(moved.booking.lines.find(({ index }) => index === 10)).toMatchObject({
      ...{ ticketType: 'Child', basePrice: 500, fees: 200, price: 700 }
    });
    expect(moved.booking.receipt.fees).toEqual([{ name: 'Booking fee', amount: 600 }]);
  });

  it('loses no seat to a click: taken ones are named with what comes closest', async () => {
    const show = await makeShow(house.db, 10);
    const paid = await buy(house, show, [1, 2]);
    await holdSeats(house, show.id, (await makeBuyer(house.db)).buyer, [7]);
    const taken = await move(paid, { to: [6, 7] });
    expect(taken).toMatchObject({ code: 'SEAT_TAKEN', details: { seats: [7] } });
    expect(isRefusal(taken) && taken.details['alternatives']).toContainEqual([5, 6]);
    expect(await states(show, [1, 2, 6])).toEqual(['booked', 'booked', 'available']);
  });

  it('finds a seat taken that only Postgres knows is sold, and the map learns of it', async () => {
    const show = await makeShow(house.db, 10);
    const [paid, other] = [await buy(house, show, [1]), await buy(house, show, [5])];
    await until('it is booked', async () => (await stateOf(house, show.id, 5)) === 'booked');
    await house.seats.free(show.id, [5], other.ada.buyer);
    expect(await stateOf(house, show.id, 5)).toBe('available');
    expect(codeOf(await move(paid, { to: [5] }))).toBe('SEAT_TAKEN');
    expect(await states(show, [1, 5])).toEqual(['booked', 'booked']);
  });

  it('is moved when the sale is over and the buyer has as many seats as the show allows', async () => {
    const show = await makeShow(house.db, 10, { cap: 2 });
    const paid = await buy(house, show, [1, 2]);
    await house.db.query(`update show set sale = 'closed' where id = $1`, [show.id]);
    must(await house.seats.setSale(show.id).then((refusal) => refusal ?? true));
    expect(codeOf(await move(paid, { to: [3, 4] }))).toBe('OK');
  });

  it('is not moved by anybody else, to a blocked seat, once somebody is in, or when it is not confirmed', async () => {
    const show = await makeShow(house.db, 10);
    const paid = await buy(house, show, [1, 2]);
    const stranger = await makeUser(house.db, 'organizer');
    const what = { to: [5, 6], waive: false, collect: false };
    expect(codeOf(await house.booking.move({ user: stranger, owner: stranger }, paid.bookingId, what, 'k'))).toBe(
      'NOT_FOUND'
    );
    expect(codeOf(await move(paid, { to: [5] }, 'few'))).toBe('INVALID');
    expect(codeOf(await move(paid, { to: [5, 99] }, 'far'))).toBe('INVALID');
    expect(codeOf(await move(paid, { from: [3], to: [5] }, 'none of its'))).toBe('INVALID');
    await house.db.query(`insert into seat_block (show_id, plan_id, seat_index) values ($1, $2, 5)`, [
      show.id,
      show.planId
    ]);
    expect(codeOf(await move(paid, { to: [5, 6] }, 'blocked'))).toBe('SEAT_TAKEN');
    await house.db.query('update ticket set checked_in_at = now() where booking_id = $1 and seat_index = 1', [
      paid.bookingId
    ]);
    expect(codeOf(await move(paid, { from: [1], to: [7] }, 'inside'))).toBe('INVALID');
    expect(codeOf(await move(paid, { from: [2], to: [7] }, 'outside'))).toBe('OK');
    await house.db.query('update ticket set checked_in_at = null where booking_id = $1', [paid.bookingId]);
    must(await house.booking.refund(organizerOf(show), paid.bookingId, { seats: [7], reason: 'Found no sitter' }));
    expect(await move(paid, { from: [1], to: [7] }, 'given back')).toMatchObject({
      details: { errors: [{ path: 'to' }] }
    });
    must(await house.booking.cancel(paid.bookingId, paid.ada.user.id));
    expect(codeOf(await move(paid, { from: [1], to: [8] }, 'over'))).toBe('NOT_MOVABLE');
  });

  it('wins a seat or loses it whole, whoever else wants it at that moment', async () => {
    const show = await makeShow(house.db, 10);
    const [one, two] = [await buy(house, show, [0, 1]), await buy(house, show, [2, 3])];
    const buyers = await Promise.all(Array.from({ length: 4 }, () => makeBuyer(house.db)));
    const answers = await Promise.all([
      move(one, { to: [5, 6] }),
      move(two, { to: [6, 7] }),
      ...buyers.map((who, n) => house.seats.hold(show.id, who.buyer, [5, 7], `race-${n}`))
    ]);
    expect(answers.filter((answer) => !isRefusal(answer)).length).toBe(1);
    for (const paid of [one, two]) expect((await seen(paid)).booking.seats).toHaveLength(2);
  });
});
