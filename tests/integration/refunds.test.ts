import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RefundFault } from '../../server/payments/sandbox/gateway.ts';
import { codeOf, holdSeats, makeBuyer, must, openHouse, stateOf, until, type House } from './house.ts';
import { buy, givenBack, organizerOf, refundsIn, unbalanced, type Paid } from './refund-house.ts';
import { makeShow, makeUser, type MadeShow } from './shows.ts';
import { startSmtp, type TestSmtp } from './smtp.ts';
import { makeConfig } from './stack.ts';

let house: House;
let smtp: TestSmtp;
/** What the sandbox does wrong, for every refund alike. */
let fault: (call: number) => RefundFault | undefined = () => undefined;

beforeAll(async () => {
  smtp = await startSmtp();
  house = await openHouse(await makeConfig({ SMTP_URL: smtp.url }), { refundFault: (_, call) => fault(call) });
  await house.jobs.start();
});
afterAll(async () => {
  expect(await unbalanced(house.db)).toEqual([]);
  await house.close();
  await smtp.close();
});

const startsIn = (show: MadeShow, minutes: number) =>
  house.db.query(
    `update show set starts_at = now() + make_interval(mins => $2),
            sale_closes_at = now() + make_interval(mins => $2) where id = $1`,
    [show.id, minutes]
  );
const seen = async (of: Paid) => must(await house.booking.view(of.bookingId, of.ada.user.id));
const statusOf = async (of: Paid) => (await seen(of)).booking.status;
const becomes = (of: Paid, status: string) => until(status, async () => (await statusOf(of)) === status);
const free = (show: MadeShow, seat: number) =>
  until('on sale again', async () => (await stateOf(house, show.id, seat)) === 'available');
const mailsOf = (of: Paid) => smtp.to(of.ada.email).filter(({ subject }) => !subject?.startsWith('Your ticket'));

/** While `work` runs, the n-th call of the sandbox for a refund goes wrong as `wrong` says. */
async function withFault<T>(wrong: typeof fault, work: () => Promise<T>): Promise<T> {
  fault = wrong;
  try {
    return await work();
  } finally {
    fault = () => undefined;
  }
}
/** Asks the gateways as the clock would. */
const polled = (what: string, ask: () => Promise<boolean>) =>
  until(what, async () => {
    await house.payments.pollRefunds();
    return ask();
  });

describe('a customer who cancels', () => {
  it('within the time of the show gets everything back, once, and the seats are on sale again', async () => {
    const show = await makeShow(house.db, 10);
    const paid = await buy(house, show, [3, 4]);
    const until24h = new Date(Date.parse((await seen(paid)).booking.show.startsAt) - 24 * 3_600_000);
    expect((await seen(paid)).booking.cancellableUntil).toBe(until24h.toISOString());
    const booking = must(await house.booking.cancel(paid.bookingId, paid.ada.user.id));
    expect(['REFUND_DUE', 'REFUNDED']).toContain(booking.status);
    expect(await stateOf(house, show.id, 3)).toBe('available');
    await becomes(paid, 'REFUNDED');
    const { payment, tickets, refunds } = await seen(paid);
    expect([payment?.status, tickets]).toEqual(['REFUNDED', []]);
    expect(refunds).toMatchObject([{ amount: 5000, currency: 'EUR', seats: null, status: 'DONE' }]);
    expect(await givenBack(house.db, paid.paymentId)).toEqual([5000]);
    const [mail] = await until('the mail', () => mailsOf(paid).length > 0 && mailsOf(paid));
    expect(mail?.subject).toBe('Your booking for A Test Play is cancelled');
    expect(mail?.text).toContain('You get €50 back');
    expect(mail?.text).toContain('(Berlin time)');
    // The seats count towards nobody's cap: the same buyer may have all the show allows.
    await holdSeats(house, show.id, paid.ada.buyer, [0, 1, 2, 3, 4, 5, 6, 7]);
    const voided = await house.db.query('select 1 from ticket where booking_id = $1 and void_at is not null', [
      paid.bookingId
    ]);
    expect(voided.rowCount).toBe(2);
  });

  it('too late, or where the show does not allow it, keeps the booking', async () => {
    const show = await makeShow(house.db, 10);
    const paid = await buy(house, show, [1]);
    const cancel = async () => codeOf(await house.booking.cancel(paid.bookingId, paid.ada.user.id));
    await startsIn(show, 24 * 60 - 1);
    expect(await cancel()).toBe('NOT_CANCELLABLE');
    await house.db.query('update show set refund_until_min = null where id = $1', [show.id]);
    await startsIn(show, 60 * 24 * 30);
    expect(await cancel()).toBe('NOT_CANCELLABLE');
    expect((await seen(paid)).booking.cancellableUntil).toBeNull();
    await house.db.query('update show set refund_until_min = 0 where id = $1', [show.id]);
    await house.db.query('update ticket set checked_in_at = now() where booking_id = $1', [paid.bookingId]);
    expect(await cancel()).toBe('NOT_CANCELLABLE');
    expect([await statusOf(paid), await stateOf(house, show.id, 1)]).toEqual(['CONFIRMED', 'booked']);
    await house.db.query('update ticket set checked_in_at = null where booking_id = $1', [paid.bookingId]);
    expect(await cancel()).toBe('OK');
  });

  it('ten times at once gets the money once, and the same answer each time', async () => {
    const paid = await buy(house, await makeShow(house.db, 10), [1, 2]);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => house.booking.cancel(paid.bookingId, paid.ada.user.id))
    );
    expect(new Set(answers.map(codeOf))).toEqual(new Set(['OK']));
    await becomes(paid, 'REFUNDED');
    expect(await refundsIn(house.db, paid.bookingId)).toEqual([{ amount: 5000, status: 'DONE' }]);
    expect(await givenBack(house.db, paid.paymentId)).toEqual([5000]);
    await until('the mail', () => mailsOf(paid).length === 1);
  });

  it('cannot cancel what is not theirs', async () => {
    const paid = await buy(house, await makeShow(house.db, 10), [1]);
    expect(codeOf(await house.booking.cancel(paid.bookingId, await makeUser(house.db)))).toBe('NOT_FOUND');
    expect(await statusOf(paid)).toBe('CONFIRMED');
  });

  it('has nothing to wait for when nothing was to be paid', async () => {
    const show = await makeShow(house.db, 10);
    await house.db.query('update show_tier set price = 0 where show_id = $1', [show.id]);
    const paid = await buy(house, show, [1]);
    expect(must(await house.booking.cancel(paid.bookingId, paid.ada.user.id)).status).toBe('CANCELLED');
    await free(show, 1);
    expect(await refundsIn(house.db, paid.bookingId)).toEqual([]);
    const [mail] = await until('the mail', () => mailsOf(paid).length > 0 && mailsOf(paid));
    expect(mail?.text).toContain('you have cancelled your booking');
    expect(mail?.text).toContain('nothing goes back');
  });

  it('while the payment arrives ends with the seats, or with all of the money, twelve times over', async () => {
    const show = await makeShow(house.db, 24);
    for (let round = 0; round < 12; round++) {
      const ada = await makeBuyer(house.db);
      const hold = await holdSeats(house, show.id, ada.buyer, [2 * round, 2 * round + 1]);
      const { booking, payment } = must(await house.booking.checkout(ada, { holdId: hold.id }, 'key'));
      const of = { show, ada, bookingId: booking.id, paymentId: payment.id };
      await Promise.all([
        house.payments.sandboxDecide(payment.id, ada.user.id, round % 2 ? 'duplicate' : 'success'),
        house.booking.cancel(booking.id, ada.user.id)
      ]);
      const end = await until('an end', async () => {
        const status = await statusOf(of);
        return ['CONFIRMED', 'REFUNDED'].includes(status) && status;
      });
      expect(await givenBack(house.db, payment.id)).toEqual(end === 'REFUNDED' ? [5000] : []);
      expect((await seen(of)).tickets).toHaveLength(end === 'CONFIRMED' ? 2 : 0);
    }
    expect(await unbalanced(house.db)).toEqual([]);
  });
});

describe('an organizer', () => {
  it('gives back some seats, then the rest, and the parts make the whole', async () => {
    const show = await makeShow(house.db, 10);
    const paid = await buy(house, show, [3, 4, 5]);
    const by = organizerOf(show);
    const part = must(await house.booking.refund(by, paid.bookingId, { seats: [4], reason: 'Seat is broken' }));
    expect(part.booking).toMatchObject({ status: 'CONFIRMED', seats: [3, 5], refunded: 2500, total: 7500 });
    expect(part.booking.returned.map(({ index }) => index)).toEqual([4]);
    expect(part.refund).toMatchObject({ amount: 2500, seats: [4], reason: 'Seat is broken' });
    await free(show, 4);
    expect((await seen(paid)).tickets.map(({ seatIndex }) => seatIndex)).toEqual([3, 5]);
    expect(await stateOf(house, show.id, 3)).toBe('booked');
    const [mail] = await until('the mail', () => mailsOf(paid).length > 0 && mailsOf(paid));
    expect(mail?.text).toMatch(/: Seat is broken\.\n[^]*Total: €50/);
    expect(await unbalanced(house.db)).toEqual([]);
    for (const seats of [[4], [3, 9], [8]])
      expect(codeOf(await house.booking.refund(by, paid.bookingId, { seats, reason: 'no' }))).toBe('INVALID');
    const rest = must(await house.booking.refund(by, paid.bookingId, { reason: 'All of it' }));
    expect(rest.refund).toMatchObject({ amount: 5000, seats: null });
    await becomes(paid, 'REFUNDED');
    expect(await givenBack(house.db, paid.paymentId)).toEqual([2500, 5000]);
    expect(codeOf(await house.booking.refund(by, paid.bookingId, { reason: 'again' }))).toBe('NOT_CANCELLABLE');
    expect(must(await house.booking.refundsOf(by, paid.bookingId))).toHaveLength(2);
    const lines = await house.db.query(`select action from audit_log where kind = 'booking' and thing_id = $1`, [
      paid.bookingId
    ]);
    expect(lines.rows).toEqual([{ action: 'refund' }, { action: 'refund' }]);
  });

  it('has no say over the bookings of others', async () => {
    const paid = await buy(house, await makeShow(house.db, 10), [1]);
    const stranger = await makeUser(house.db, 'organizer');
    const by = { user: stranger, owner: stranger };
    expect(codeOf(await house.booking.refund(by, paid.bookingId, { reason: 'mine' }))).toBe('NOT_FOUND');
    expect(codeOf(await house.booking.refundsOf(by, paid.bookingId))).toBe('NOT_FOUND');
    expect(codeOf(await house.booking.cancelShow(by, paid.show.id, 'mine'))).toBe('NOT_FOUND');
    expect(await house.booking.cancellation(by, paid.show.id)).toBeNull();
    expect(await statusOf(paid)).toBe('CONFIRMED');
  });

  it('giving back different seats at the same moment never gives back more than was paid', async () => {
    const show = await makeShow(house.db, 10);
    const paid = await buy(house, show, [0, 1, 2, 3]);
    const by = organizerOf(show);
    const wishes = [[0], [0, 1], [1, 2], [3], undefined, [2, 3], [0]];
    await Promise.all(
      wishes.map((seats) => house.booking.refund(by, paid.bookingId, { ...(seats ? { seats } : {}), reason: 'race' }))
    );
    expect(await unbalanced(house.db)).toEqual([]);
    await until('settled', async () =>
      (await refundsIn(house.db, paid.bookingId)).every(({ status }) => status === 'DONE')
    );
    const back = (await givenBack(house.db, paid.paymentId)).reduce((sum, amount) => sum + amount, 0);
    const { booking } = await seen(paid);
    expect(10_000 - back).toBe(booking.status === 'CONFIRMED' ? 2500 * booking.seats.length : 0);
  });
});

describe('the database itself', () => {
  it('takes no refund above the payment, none of a payment that was not made, and one in full', async () => {
    const paid = await buy(house, await makeShow(house.db, 10), [1, 2]);
    const insert = (amount: number, seats: number[] | null) =>
      house.db.query(
        `insert into refund (id, payment_id, booking_id, amount, currency, reason, seats, next_at)
         values (gen_random_uuid(), $1, $2, $3, 'EUR', 'by hand', $4, now() + interval '1 day')`,
        [paid.paymentId, paid.bookingId, amount, seats]
      );
    await expect(insert(5001, null)).rejects.toThrow('would exceed');
    const both = await Promise.allSettled([insert(3000, [1]), insert(3000, [2])]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await insert(1000, null);
    await expect(insert(1000, null)).rejects.toThrow('one_full_refund');
    await house.db.query('delete from refund where booking_id = $1', [paid.bookingId]);
  });
});

describe('the gateway', () => {
  it('that did it but whose answer was lost has done it once', async () => {
    const paid = await buy(house, await makeShow(house.db, 10), [1, 2]);
    await withFault(
      () => 'lost',
      async () => {
        must(await house.booking.cancel(paid.bookingId, paid.ada.user.id));
        await until('the first try', async () => (await seen(paid)).refunds[0]?.error);
        expect(await statusOf(paid)).toBe('REFUND_DUE');
        await polled('done', async () => (await statusOf(paid)) === 'REFUNDED');
      }
    );
    const { rows } = await house.db.query<{ calls: number }>(
      'select calls from sandbox_refund r join refund f on f.id = r.refund_id where f.booking_id = $1',
      [paid.bookingId]
    );
    expect(rows).toEqual([{ calls: 1 }]);
    expect(await givenBack(house.db, paid.paymentId)).toEqual([5000]);
  });

  it('that does it twice, or slowly, or is away for a while, gives the money back once', async () => {
    const faults: ((call: number) => RefundFault | undefined)[] = [
      () => 'twice',
      () => 'slow',
      (call) => (call < 4 ? 'away' : undefined)
    ];
    for (const wrong of faults) {
      const paid = await buy(house, await makeShow(house.db, 10), [1, 2]);
      await withFault(wrong, async () => {
        must(await house.booking.cancel(paid.bookingId, paid.ada.user.id));
        await polled('done', async () => (await statusOf(paid)) === 'REFUNDED');
      });
      expect(await givenBack(house.db, paid.paymentId)).toEqual([5000]);
    }
  });

  it('that refuses once is asked again by itself', async () => {
    const paid = await buy(house, await makeShow(house.db, 10), [1]);
    await withFault(
      (call) => (call === 1 ? 'refused' : undefined),
      async () => {
        must(await house.booking.cancel(paid.bookingId, paid.ada.user.id));
        await polled('done', async () => (await statusOf(paid)) === 'REFUNDED');
      }
    );
    expect(await givenBack(house.db, paid.paymentId)).toEqual([2500]);
  });

  it('that keeps refusing leaves a refund that has failed, which the organizer can try again', async () => {
    const show = await makeShow(house.db, 10);
    const paid = await buy(house, show, [1]);
    const by = organizerOf(show);
    await withFault(
      () => 'refused',
      async () => {
        must(await house.booking.cancel(paid.bookingId, paid.ada.user.id));
        await polled('failed', async () => (await seen(paid)).refunds[0]?.status === 'FAILED');
      }
    );
    expect(await house.payments.pollRefunds()).toBe(0);
    const [failed] = must(await house.booking.refundsOf(by, paid.bookingId));
    expect(failed).toMatchObject({ status: 'FAILED', error: 'the gateway refused' });
    expect([await statusOf(paid), await givenBack(house.db, paid.paymentId)]).toEqual(['REFUND_DUE', []]);
    const stranger = await makeUser(house.db, 'organizer');
    const asked = await house.booking.retryRefund({ user: stranger, owner: stranger }, failed?.id ?? '');
    expect(codeOf(asked)).toBe('NOT_FOUND');
    must(await house.booking.retryRefund(by, failed?.id ?? ''));
    await becomes(paid, 'REFUNDED');
    expect(await givenBack(house.db, paid.paymentId)).toEqual([2500]);
    expect(must(await house.booking.retryRefund(by, failed?.id ?? '')).status).toBe('DONE');
  });
});
