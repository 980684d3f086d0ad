import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ShowChanged } from '../../src/lib/domain/protocol.ts';
import { isRefusal } from '../../src/lib/domain/refusal.ts';
import type { FaultPoint } from '../../server/booking/fault-points.ts';
import { expireBooking } from '../../server/booking/expiry.ts';
import type { Config } from '../../server/config.ts';
import { codeOf, holdSeats, makeBuyer, must, openHouse, until, type House } from './house.ts';
import { dies } from './killed.ts';
import { buy, givenBack, organizerOf, unbalanced, type Paid } from './refund-house.ts';
import { makeShow, type MadeShow } from './shows.ts';
import { startSmtp, type TestSmtp } from './smtp.ts';
import { makeConfig } from './stack.ts';

const BOOKINGS = 100;
const AT_ONCE = 10;

let config: Config;
let smtp: TestSmtp;
let house: House;
const said: { show: string; what: Omit<ShowChanged, 'showId'> }[] = [];

beforeAll(async () => {
  smtp = await startSmtp();
  config = await makeConfig({ SMTP_URL: smtp.url });
  house = await openHouse(config, { resendAfterMs: 5000, showChanged: (show, what) => said.push({ show, what }) });
});
afterAll(async () => {
  await house.close();
  await smtp.close();
});

const progress = async (show: MadeShow) => house.booking.cancellation(organizerOf(show), show.id);
const cancelledMails = (of: Paid) =>
  smtp.to(of.ada.email).filter(({ subject }) => subject === 'A Test Play is cancelled');
const available = async (show: MadeShow) => {
  const { counts, capacity } = must(await house.seats.snapshot(show.id));
  return counts.available === capacity;
};

/** An unpaid booking for these seats. */
async function unpaid(show: MadeShow, seats: readonly number[]) {
  const ada = await makeBuyer(house.db);
  const hold = await holdSeats(house, show.id, ada.buyer, seats);
  const { booking, payment } = must(await house.booking.checkout(ada, { holdId: hold.id }, 'key'));
  return { show, ada, bookingId: booking.id, paymentId: payment.id };
}

/** A process of its own that cancels the show and dies at this point. */
const dieAt = (point: FaultPoint, nth: number, show: MadeShow) =>
  dies(config, 'cancel-child.ts', { point, nth, show: show.id, organizer: show.organizerId });

describe('a show that is cancelled', () => {
  it('refuses holds, bookings and being sold again, ends holds and unpaid bookings, and says so', async () => {
    const show = await makeShow(house.db, 20);
    const by = organizerOf(show);
    const paid = await buy(house, show, [0, 1]);
    const waiting = await unpaid(show, [2, 3]);
    const late = await unpaid(show, [4, 5]);
    await house.db.query(`update booking set expires_at = now() where id = $1`, [late.bookingId]);
    await expireBooking(house.db, late.bookingId);
    const eve = await makeBuyer(house.db);
    const hold = await holdSeats(house, show.id, eve.buyer, [6]);
    expect(await house.booking.cancellation(by, show.id)).toBeNull();

    expect(must(await house.booking.cancelShow(by, show.id, 'The singer is ill'))).toEqual({ bookings: 1 });
    expect(said).toEqual([{ show: show.id, what: { sale: 'closed', cancelled: true } }]);
    const refused = await house.seats.hold(show.id, eve.buyer, [7], 'another');
    expect(isRefusal(refused) && [refused.code, refused.details['cancelled']]).toEqual(['SALE_CLOSED', true]);
    expect(codeOf(await house.booking.checkout(eve, { holdId: hold.id }, 'key'))).toBe('SALE_CLOSED');
    must(await house.seats.setSale(show.id, 'open'));
    expect(codeOf(await house.seats.hold(show.id, eve.buyer, [7], 'more'))).toBe('SALE_CLOSED');
    await expect(house.db.query(`update show set sale = 'open' where id = $1`, [show.id])).rejects.toThrow(
      'cancelled_show_closed'
    );
    // Redis loses the map: the one that is made from Postgres is closed too.
    await house.redis.commands.hdel(house.seats.keys.show(show.id).meta, 'ready');
    expect(codeOf(await house.seats.hold(show.id, eve.buyer, [7], 'again'))).toBe('SALE_CLOSED');

    // A payment that comes before the job has ended its booking, and one for a booking that had expired.
    must(await house.payments.sandboxDecide(waiting.paymentId, waiting.ada.user.id, 'success'));
    must(await house.payments.sandboxDecide(late.paymentId, late.ada.user.id, 'success'));
    await house.jobs.start();
    await until('all refunded', async () => (await progress(show))?.refunded === 3);
    expect(await progress(show)).toEqual({ total: 3, refunded: 3, waiting: 0, failed: 0 });
    for (const of of [paid, waiting, late]) {
      expect(await givenBack(house.db, of.paymentId)).toEqual([5000]);
      const [mail] = await until('the mail', () => cancelledMails(of).length > 0 && cancelledMails(of));
      expect(mail?.text).toContain('The organizer says: The singer is ill. ');
      expect(mail?.text).toContain('You get €50 back');
    }
    await until('no hold left', () => available(show));
    expect(await unbalanced(house.db)).toEqual([]);

    expect(must(await house.booking.cancelShow(by, show.id, 'Another reason'))).toEqual({ bookings: 3 });
    const { rows } = await house.db.query('select cancel_reason from show where id = $1', [show.id]);
    expect(rows).toEqual([{ cancel_reason: 'The singer is ill' }]);
    const lines = await house.db.query(`select 1 from audit_log where action = 'cancel' and thing_id = $1`, [show.id]);
    expect(lines.rowCount).toBe(1);
    expect(said).toHaveLength(1);
    await house.jobs.close();
  });

  it('with a checkout and its payment at the very same moment keeps no booking and no money', async () => {
    await house.jobs.start();
    for (let round = 0; round < 10; round++) {
      const show = await makeShow(house.db, 10);
      const ada = await makeBuyer(house.db);
      const hold = await holdSeats(house, show.id, ada.buyer, [1, 2]);
      const [made] = await Promise.all([
        house.booking.checkout(ada, { holdId: hold.id }, 'key').then(async (checkout) => {
          if (!isRefusal(checkout)) await house.payments.sandboxDecide(checkout.payment.id, ada.user.id, 'success');
          return checkout;
        }),
        house.booking.cancelShow(organizerOf(show), show.id, 'Rain')
      ]);
      if (!isRefusal(made)) {
        await until('refunded', async () => {
          const { booking } = must(await house.booking.view(made.booking.id, ada.user.id));
          return booking.status === 'REFUNDED';
        });
        expect(await givenBack(house.db, made.payment.id)).toEqual([5000]);
      }
      await until('nothing held or booked', () => available(show));
    }
    expect(await unbalanced(house.db)).toEqual([]);
    await house.jobs.close();
  }, 60_000);
});

describe('the refunding of a show, killed again and again', () => {
  it('gives every payment back once, frees every seat and sends one mail each', { timeout: 480_000 }, async () => {
    const show = await makeShow(house.db, 2 * BOOKINGS + 20);
    const by = organizerOf(show);
    const paid: Paid[] = [];
    for (let first = 0; first < BOOKINGS; first += AT_ONCE) {
      const some = Array.from({ length: AT_ONCE }, (_, n) => buy(house, show, [2 * (first + n), 2 * (first + n) + 1]));
      paid.push(...(await Promise.all(some)));
    }
    for (const { bookingId } of paid.slice(0, 5)) {
      const rows = await house.db.query<{ seat: number }>(
        'select min(seat_index) as seat from booking_seat where booking_id = $1',
        [bookingId]
      );
      must(await house.booking.refund(by, bookingId, { seats: [rows.rows[0]?.seat ?? 0], reason: 'Seat is broken' }));
    }
    // Tickets are not what this is about: drawing 200 of them takes longer than all the rest.
    await house.db.query(`update outbox set done_at = now() where kind = 'mail.confirmation'`);
    await unpaid(show, [2 * BOOKINGS, 2 * BOOKINGS + 1]);
    await holdSeats(house, show.id, (await makeBuyer(house.db)).buyer, [2 * BOOKINGS + 2]);

    const kills: [FaultPoint, number][] = [
      ['cancel:after-show', 1],
      ['cancel:before-commit', 8],
      ['cancel:after-commit', 8],
      ['mail:after-claim', 6],
      ['refund:after-claim', 6],
      ['refund:after-gateway', 6],
      ['refund:after-settle', 6],
      ['relay:after-dispatch', 2],
      ['seats:after-sync', 6]
    ];
    for (const [point, nth] of kills) {
      await dieAt(point, nth, show);
      expect(await unbalanced(house.db), point).toEqual([]);
    }
    await house.jobs.start();
    await until('all refunded', async () => (await progress(show))?.waiting === 0, 60_000);
    expect(await progress(show)).toEqual({ total: BOOKINGS, refunded: BOOKINGS, waiting: 0, failed: 0 });

    for (const [n, { paymentId }] of paid.entries())
      expect(await givenBack(house.db, paymentId), `payment ${n}`).toEqual(n < 5 ? [2500, 2500] : [5000]);
    expect(await unbalanced(house.db)).toEqual([]);
    const live = await house.db.query('select 1 from booking_seat where show_id = $1 and live', [show.id]);
    expect(live.rowCount).toBe(0);
    await until('all seats on the map', () => available(show));
    await until('all mails', () => paid.every((of) => cancelledMails(of).length > 0), 60_000);
    const copies = paid.map((of) => cancelledMails(of));
    for (const mails of copies) expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(1);
    // The server had some when a process was killed, and nobody could write that down: at most the five under way.
    expect(copies.flat().length - BOOKINGS).toBeLessThanOrEqual(5 * kills.length);
    await house.jobs.close();
  });
});
