import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audit } from '../../server/audit/audit.ts';
import type { OwnMoveBody } from '../../src/lib/domain/move.ts';
import { isRefusal } from '../../src/lib/domain/refusal.ts';
import { codeOf, holdSeats, makeBuyer, must, openHouse, stateOf, until, type House } from './house.ts';
import { buy, givenBack, organizerOf, tieredShow, unbalanced, type Paid } from './refund-house.ts';
import type { MadeShow } from './shows.ts';
import { startSmtp, type TestSmtp } from './smtp.ts';
import { makeConfig } from './stack.ts';

/** Seats 0–4 cost 25.00, 5–9 cost 40.00, 10–14 cost 10.00. */
let house: House;
let smtp: TestSmtp;
/** The gateway, for refunds. */
let away = false;

beforeAll(async () => {
  smtp = await startSmtp();
  house = await openHouse(await makeConfig({ SMTP_URL: smtp.url }), {
    refundFault: () => (away ? 'away' : undefined)
  });
  await house.jobs.start();
});
afterAll(async () => {
  // Whatever was paid for and whatever was not: money is conserved, and the books, the map and the gateway agree.
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

const change = (paid: Paid, what: OwnMoveBody, key = `change ${paid.bookingId}`) =>
  house.booking.moveOwn(paid.ada.user.id, paid.bookingId, what, key);
const seen = async ({ bookingId, ada }: Paid) => must(await house.booking.view(bookingId, ada.user.id));
const states = async (show: MadeShow, ...seats: number[]) =>
  (await Promise.all(seats.map((seat) => stateOf(house, show.id, seat)))).join(' ');
const settled = (show: MadeShow, seats: number[], are: string) =>
  until(are, async () => (await states(show, ...seats)) === are);
const mailsOf = ({ ada }: Paid, subject: string) =>
  smtp.to(ada.email).filter((mail) => mail.subject?.startsWith(subject));
const mailsTo = (paid: Paid, subject: string) =>
  until('the mail', () => mailsOf(paid, subject).length > 0 && mailsOf(paid, subject));
const decide = ({ ada }: Paid, payment: string, outcome: 'success' | 'decline') =>
  house.payments.sandboxDecide(payment, ada.user.id, outcome);
/** A booking of seats 0 and 1 whose second seat waits to become seat 5 for 15.00. */
async function waiting() {
  const show = await tieredShow(house.db);
  const paid = await buy(house, show, [0, 1]);
  await settled(show, [0, 1], 'booked booked');
  const { move } = must(await change(paid, { from: [1], to: [5], expectedDifference: 1500 }));
  if (!move) throw new Error('nothing is to be paid');
  return { show, paid, move, payment: move.payment.id };
}
/** The time to pay is over now, and everybody knows. */
async function timeIsOver(move: { id: string }) {
  await house.db.query('update paid_move set expires_at = now() where id = $1', [move.id]);
  await house.db.query(`update outbox set due_at = now() where dedupe_key = $1`, [`move.expire:${move.id}`]);
  house.jobs.poke();
}

describe('a buyer who changes to dearer seats', () => {
  it('keeps the old seats until the difference is paid, and has the new ones then', async () => {
    const { show, paid, move, payment } = await waiting();
    expect(move).toMatchObject({ status: 'PENDING', difference: 1500, offered: false, payment: { amount: 1500 } });
    expect(move.payment.redirectUrl).toBe(`/pay/${payment}`);
    expect([move.from, move.to].map((seats) => seats.map(({ index }) => index))).toEqual([[1], [5]]);
    expect((await seen(paid)).booking).toMatchObject({ seats: [0, 1], total: 5000, status: 'CONFIRMED' });
    expect(await states(show, 1, 5)).toBe('booked held');
    const old = (await seen(paid)).tickets[1];
    must((await decide(paid, payment, 'success')) ?? true);
    const after = await seen(paid);
    expect(after).toMatchObject({ booking: { seats: [0, 5], total: 6500 }, move: { status: 'DONE' } });
    expect(after.payment).toMatchObject({ id: paid.paymentId, amount: 5000 });
    expect(after.tickets.map(({ seatIndex }) => seatIndex)).toEqual([0, 5]);
    expect(after.tickets.map(({ id }) => id)).not.toContain(old?.id);
    await settled(show, [1, 5], 'available booked');
    const [mail] = await mailsTo(paid, 'Your seat has changed');
    expect(mail?.text).toContain('you have changed the seats of your booking');
    expect(mail?.text).toContain('You have paid €15 for it');
  });

  it('pays once, however often they ask and the gateway says so', async () => {
    const { paid, move, payment } = await waiting();
    const again = await Promise.all(
      [1, 2, 3].map(() => change(paid, { from: [1], to: [5], expectedDifference: 1500 }))
    );
    expect(again.map((answer) => must(answer).move?.payment.id)).toEqual([payment, payment, payment]);
    must((await decide(paid, payment, 'success')) ?? true);
    await Promise.all([1, 2, 3].map(() => decide(paid, payment, 'success')));
    expect(must(await change(paid, { from: [1], to: [5], expectedDifference: 1500 }))).toMatchObject({
      ...{ difference: 1500, waived: 0, move: null, booking: { seats: [0, 5], total: 6500 } }
    });
    expect(codeOf(await change(paid, { to: [7, 8] }))).toBe('IDEMPOTENCY_CONFLICT');
    const rows = await house.db.query('select 1 from payment where move_id = $1', [move.id]);
    expect(rows.rowCount).toBe(1);
  });

  it('who is declined keeps the booking as it was, and the new seats are on sale again', async () => {
    const { show, paid, payment } = await waiting();
    must((await decide(paid, payment, 'decline')) ?? true);
    await settled(show, [1, 5], 'booked available');
    expect(await seen(paid)).toMatchObject({ booking: { seats: [0, 1], total: 5000 }, move: { status: 'FAILED' } });
    const [mail] = await mailsTo(paid, 'Your payment for');
    expect(mail?.text).toContain('your booking and your tickets are as they were');
    expect(codeOf(await change(paid, { from: [1], to: [5] }, 'once more'))).toBe('OK');
  });

  it('who never pays keeps the booking, and the seats come back when the time is over', async () => {
    const { show, paid, move } = await waiting();
    await timeIsOver(move);
    await settled(show, [1, 5], 'booked available');
    expect(await seen(paid)).toMatchObject({ booking: { seats: [0, 1] }, move: { status: 'EXPIRED' } });
  });

  it('who pays too late gets the seats if nobody else has them', async () => {
    const { show, paid, move, payment } = await waiting();
    await timeIsOver(move);
    await settled(show, [5], 'available');
    must((await decide(paid, payment, 'success')) ?? true);
    expect(await seen(paid)).toMatchObject({ booking: { seats: [0, 5], total: 6500 }, move: { status: 'DONE' } });
    await settled(show, [1, 5], 'available booked');
  });

  it('who pays too late, when somebody holds one of the seats, takes nothing out of their hands', async () => {
    const { show, paid, move, payment } = await waiting();
    await timeIsOver(move);
    await settled(show, [5], 'available');
    const eve = await makeBuyer(house.db);
    const hold = await holdSeats(house, show.id, eve.buyer, [5]);
    must((await decide(paid, payment, 'success')) ?? true);
    expect(await seen(paid)).toMatchObject({ booking: { seats: [0, 1] }, move: { status: 'REFUNDED' } });
    expect(await house.seats.ownHold(show.id, eve.buyer)).toMatchObject({ id: hold.id, seats: [5] });
    await until('the money', async () => (await givenBack(house.db, payment)).join() === '1500');
  });

  it('who pays when the seats are sold gets the difference back at once, and is told', async () => {
    const { show, paid, move, payment } = await waiting();
    await timeIsOver(move);
    await settled(show, [5], 'available');
    const other = await buy(house, show, [5]);
    must((await decide(paid, payment, 'success')) ?? true);
    const after = await seen(paid);
    expect(after).toMatchObject({ booking: { seats: [0, 1], total: 5000, refunded: 0 }, move: { status: 'REFUNDED' } });
    await until('the money', async () => (await givenBack(house.db, payment)).join() === '1500');
    expect((await seen(other)).booking.seats).toEqual([5]);
    const [mail] = await mailsTo(paid, 'Your seats could not');
    expect(mail?.text).toContain('You get all of the €15 back');
    await settled(show, [1, 5], 'booked booked');
  });

  it('who gives it up, or chooses other seats, lets those that waited go', async () => {
    const { show, paid } = await waiting();
    const { move } = must(await change(paid, { from: [1], to: [6] }, 'rather this one'));
    expect(move).toMatchObject({ status: 'PENDING', to: [{ index: 6 }] });
    await settled(show, [5, 6], 'available held');
    must(await house.booking.giveUpMove(paid.ada.user.id, paid.bookingId));
    await settled(show, [5, 6], 'available available');
    expect((await seen(paid)).move).toMatchObject({ status: 'EXPIRED' });
  });

  it('loses the seats to nobody while they wait, also when Redis has forgotten everything', async () => {
    const { show, paid, payment } = await waiting();
    await house.seats.forget(show.id);
    expect(await states(show, 1, 5)).toBe('booked held');
    const other = await makeBuyer(house.db);
    expect(codeOf(await house.seats.hold(show.id, other.buyer, [5], 'wants it'))).toBe('SEAT_TAKEN');
    // Even somebody whose hold Redis believes in does not get past Postgres.
    const hold = await holdSeats(house, show.id, other.buyer, [6]);
    await house.db.query(`update paid_move_seat set to_seat = 6 where to_seat = 5 and show_id = $1`, [show.id]);
    expect(codeOf(await house.booking.checkout(other, { holdId: hold.id }, 'k'))).toBe('SEAT_TAKEN');
    await house.db.query(`update paid_move_seat set to_seat = 5 where to_seat = 6 and show_id = $1`, [show.id]);
    must((await decide(paid, payment, 'success')) ?? true);
    expect((await seen(paid)).booking.seats).toEqual([0, 5]);
  });

  it('gets both payments back when the booking is cancelled, and each seat for what it cost', async () => {
    const { paid, payment } = await waiting();
    must((await decide(paid, payment, 'success')) ?? true);
    const { booking, refund } = must(
      await house.booking.refund(organizerOf(paid.show), paid.bookingId, { seats: [5], reason: 'Part of it' })
    );
    expect([booking.refunded, refund?.amount]).toEqual([4000, 4000]);
    // The gateway gives back the one, and cannot be reached for the other: the booking is not refunded yet.
    away = true;
    must(await house.booking.cancel(paid.bookingId, paid.ada.user.id));
    const later = `update refund set next_at = now() + interval '1 hour' where payment_id = $1 and error is not null and status = 'PENDING'`;
    await until('it was asked, and had no answer', async () => (await house.db.query(later, [payment])).rowCount === 1);
    away = false;
    await until('the first', async () => {
      await house.payments.pollRefunds();
      return (await givenBack(house.db, paid.paymentId)).length === 2;
    });
    await until('the first is done', async () => {
      await house.payments.pollRefunds();
      return (await seen(paid)).refunds.filter(({ status }) => status === 'DONE').length === 2;
    });
    expect((await seen(paid)).booking.status).toBe('REFUND_DUE');
    await house.db.query('update refund set next_at = now() where payment_id = $1', [payment]);
    await house.payments.pollRefunds();
    await until('refunded', async () => (await seen(paid)).booking.status === 'REFUNDED');
    const both = [await givenBack(house.db, paid.paymentId), await givenBack(house.db, payment)];
    expect(both.map((parts) => parts.sort((a, b) => b - a))).toEqual([[4000, 1000], [1500]]);
    expect((await seen(paid)).booking.refunded).toBe(6500);
  });

  it('gets a part that no single payment can give from both, in one mail', async () => {
    const show = await tieredShow(house.db);
    const paid = await buy(house, show, [10, 11]);
    const { move } = must(await change(paid, { from: [11], to: [5] }));
    must((await decide(paid, move?.payment.id ?? '', 'success')) ?? true);
    must(await house.booking.refund(organizerOf(show), paid.bookingId, { seats: [5], reason: 'Too dear' }));
    const back = async () => [await givenBack(house.db, paid.paymentId), await givenBack(house.db, move?.payment.id ?? '')]; // prettier-ignore
    await until('all of it', async () => (await back()).flat().reduce((sum, part) => sum + part, 0) === 4000);
    const [mail, ...more] = await mailsTo(paid, '€40 of your booking');
    expect(mail?.text).toContain('€40');
    expect(more).toEqual([]);
  });

  it('sees the difference first, for seats they name or for the best that are free', async () => {
    const show = await tieredShow(house.db);
    const paid = await buy(house, show, [0, 1]);
    const quote = (what: object) => house.booking.quoteMove(paid.ada.user.id, paid.bookingId, what);
    expect(must(await quote({ to: [5, 6] }))).toEqual({ from: [0, 1], to: [5, 6], difference: 3000, currency: 'EUR' });
    expect(must(await quote({ from: [1], to: [10] })).difference).toBe(-1500);
    const best = must(await quote({ tier: 'back' }));
    expect(best).toMatchObject({ from: [0, 1], difference: -3000 });
    expect(best.to.every((seat) => seat >= 10)).toBe(true);
    expect(codeOf(await change(paid, { to: [5, 6], expectedDifference: 2900 }))).toBe('PRICE_CHANGED');
    expect(await states(show, 5, 6)).toBe('available available');
    const cheaper = must(await change(paid, { to: best.to, expectedDifference: -3000 }, 'cheaper'));
    expect(cheaper).toMatchObject({ difference: -3000, refund: { amount: 3000 }, move: null });
    expect(codeOf(await quote({ to: [0] }))).toBe('INVALID');
  });

  it('may only while they could cancel and the show is on sale, and only their own', async () => {
    const show = await tieredShow(house.db);
    const paid = await buy(house, show, [0]);
    const eve = await makeBuyer(house.db);
    const tries = async () => [
      codeOf(await change(paid, { to: [5] }, 'try')),
      codeOf(await house.booking.quoteMove(paid.ada.user.id, paid.bookingId, { tier: 'front' }))
    ];
    expect(codeOf(await house.booking.moveOwn(eve.user.id, paid.bookingId, { to: [5] }, 'k'))).toBe('NOT_FOUND');
    expect(codeOf(await house.booking.quoteMove(eve.user.id, paid.bookingId, {}))).toBe('NOT_FOUND');
    expect(codeOf(await house.booking.giveUpMove(eve.user.id, paid.bookingId))).toBe('NOT_FOUND');
    const set = (what: string) => house.db.query(`update show set ${what} where id = $1`, [show.id]);
    await set('refund_until_min = null');
    expect(await tries()).toEqual(['NOT_MOVABLE', 'NOT_MOVABLE']);
    await set('refund_until_min = 525600');
    expect(await tries()).toEqual(['NOT_MOVABLE', 'NOT_MOVABLE']);
    await set(`refund_until_min = 0, sale = 'paused'`);
    expect(await tries()).toEqual(['SALE_PAUSED', 'SALE_PAUSED']);
    await set(`sale = 'open', sale_closes_at = now()`);
    expect(await tries()).toEqual(['SALE_CLOSED', 'SALE_CLOSED']);
    await set(`sale_closes_at = starts_at`);
    expect(await tries()).toEqual(['OK', 'OK']);
  });
});

describe('an organizer who moves a booking to dearer seats', () => {
  it('offers them: the buyer is told where to pay, and has them once that is done', async () => {
    const show = await tieredShow(house.db);
    const paid = await buy(house, show, [0]);
    const by = organizerOf(show);
    const ask = { to: [5], waive: false, collect: true };
    const { move, booking } = must(await house.booking.move(by, paid.bookingId, ask, 'offer'));
    expect(booking.seats).toEqual([0]);
    expect(move).toMatchObject({ status: 'PENDING', offered: true, difference: 1500 });
    expect(Date.parse(move?.expiresAt ?? '') - Date.now()).toBeGreaterThan(23 * 3600_000);
    const [mail] = await mailsTo(paid, 'Another seat');
    expect(mail?.text).toContain(`Pay €15: ${house.config.origin}/bookings/${paid.bookingId}`);
    must((await decide(paid, move?.payment.id ?? '', 'success')) ?? true);
    expect((await seen(paid)).booking).toMatchObject({ seats: [5], total: 4000 });
    const { rows } = await house.db.query(
      `select user_id, before, after from audit_log where kind = 'booking' and thing_id = $1 and action = 'move'`,
      [paid.bookingId]
    );
    const after = { seats: [5], difference: 1500, paid: 1500 };
    expect(rows).toEqual([{ user_id: by.user, before: { seats: [0] }, after }]);
  });

  it('may waive it afterwards: what was offered is given up, and a payment for it goes back', async () => {
    const show = await tieredShow(house.db);
    const paid = await buy(house, show, [0]);
    const by = organizerOf(show);
    const { move } = must(await house.booking.move(by, paid.bookingId, { to: [5], waive: false, collect: true }, 'a'));
    const waived = await house.booking.move(by, paid.bookingId, { to: [5], waive: true, collect: false }, 'b');
    expect(must(waived)).toMatchObject({ waived: 1500, booking: { seats: [5], total: 2500 } });
    must((await decide(paid, move?.payment.id ?? '', 'success')) ?? true);
    expect(await seen(paid)).toMatchObject({ booking: { seats: [5], total: 2500 }, move: { status: 'REFUNDED' } });
    await until('the money', async () => (await givenBack(house.db, move?.payment.id ?? '')).join() === '1500');
  });

  it('refunds a booking, changes its show’s plan or cancels the show: a difference paid after that goes back', async () => {
    const { paid, payment } = await waiting();
    must(await house.booking.refund(organizerOf(paid.show), paid.bookingId, { seats: [1], reason: 'A seat less' }));
    expect((await seen(paid)).move).toMatchObject({ status: 'EXPIRED' });
    must((await decide(paid, payment, 'success')) ?? true);
    await until('the money', async () => (await givenBack(house.db, payment)).join() === '1500');
    const second = await waiting();
    must(await house.booking.cancelShow(organizerOf(second.show), second.show.id, 'Ill'));
    must((await decide(second.paid, second.payment, 'success')) ?? true);
    await until('both', async () => (await seen(second.paid)).booking.status === 'REFUNDED');
    expect(await givenBack(house.db, second.payment)).toEqual([1500]);
    expect(await givenBack(house.db, second.paid.paymentId)).toEqual([5000]);
  });
});

it('two who wait for one seat: one has it, the other is told at once', async () => {
  const show = await tieredShow(house.db);
  const [one, two] = [await buy(house, show, [0]), await buy(house, show, [1])];
  const answers = await Promise.all([change(one, { to: [5] }), change(two, { to: [5] })]);
  expect(answers.map(codeOf).sort()).toEqual(['OK', 'SEAT_TAKEN']);
  const lost = answers.find(isRefusal);
  expect(lost?.details['alternatives']).toContainEqual([6]);
});
