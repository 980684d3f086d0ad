import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expireBooking, expireOverdue } from '../../server/booking/expiry.ts';
import { signBody, SIGNATURE_HEADER } from '../../server/payments/sandbox/signature.ts';
import { codeOf, holdSeats, makeBuyer, must, openHouse, stateOf, until, type House } from './house.ts';
import { bookInPostgres, makeShow } from './shows.ts';
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
  await house.close();
  await smtp.close();
});

async function pending(options: { seats?: number[]; cap?: number } = {}) {
  const show = await makeShow(house.db, 12, options.cap === undefined ? {} : { cap: options.cap });
  const ada = await makeBuyer(house.db);
  const hold = await holdSeats(house, show.id, ada.buyer, options.seats ?? [3, 4]);
  const { booking, payment } = must(await house.booking.checkout(ada, { holdId: hold.id }, 'key'));
  return { show, ada, hold, booking, payment };
}
type Pending = Awaited<ReturnType<typeof pending>>;

const decide = (of: Pending, outcome: 'success' | 'decline' | 'late' | 'duplicate') =>
  house.payments.sandboxDecide(of.payment.id, of.ada.user.id, outcome);
const seen = async (of: Pending) => must(await house.booking.view(of.booking.id, of.ada.user.id));
const refunded = (of: Pending) =>
  until('refunded', async () => {
    const now = await seen(of);
    return now.booking.status === 'REFUNDED' && now;
  });
const count = async (text: string, ...values: unknown[]) =>
  (await house.db.query<{ count: number }>(`select count(*) from ${text}`, values)).rows[0]?.count;

/** The booking's time is over, and Redis has followed. */
async function expire(of: Pending) {
  await house.db.query(`update booking set expires_at = now() - interval '1 second' where id = $1`, [of.booking.id]);
  await expireBooking(house.db, of.booking.id);
  await until('available', async () => (await stateOf(house, of.show.id, of.booking.seats[0] ?? 0)) === 'available');
}

/** A message that is truly signed by the sandbox, whatever it says. */
function signed(message: object) {
  const key = createHmac('sha256', house.config.secret).update('sandbox webhook').digest();
  const body = Buffer.from(JSON.stringify(message));
  return { body, headers: new Headers({ [SIGNATURE_HEADER]: signBody(key, body) }) };
}
const refOf = async (of: Pending) =>
  (await house.db.query<{ ref: string }>('select ref from sandbox_payment where payment_id = $1', [of.payment.id]))
    .rows[0]?.ref ?? '';

describe('a webhook', () => {
  it('that comes ten times at once counts once', async () => {
    const made = await pending();
    must(await decide(made, 'duplicate'));
    const { booking, payment, tickets } = await seen(made);
    expect([booking.status, payment?.status, tickets.length]).toEqual(['CONFIRMED', 'SUCCESS', 2]);
    expect(await count('ticket where booking_id = $1', made.booking.id)).toBe(2);
    expect(await count('webhook_event where event_id like $1', `${await refOf(made)}%`)).toBe(1);
    await until('the mail', () => smtp.to(made.ada.email).length > 0);
    expect(await count(`outbox where kind = 'mail.confirmation' and payload->>'bookingId' = $1`, made.booking.id)).toBe(
      1
    );
  });

  it('that is forged, altered or from an unknown gateway changes nothing', async () => {
    const made = await pending();
    const { body, headers } = signed({
      ...{
        id: 'evt',
        ref: await refOf(made),
        paymentId: made.payment.id,
        outcome: 'succeeded',
        amount: 5000,
        currency: 'EUR'
      }
    });
    const forged = new Headers({ [SIGNATURE_HEADER]: signBody('not our key', body) });
    const old = new Headers({ [SIGNATURE_HEADER]: signBody('not our key', body, Date.now() - 400_000) });
    const altered = Buffer.from(body.toString().replace('5000', '5001'));
    expect(codeOf(await house.payments.webhook('sandbox', body, forged))).toBe('BAD_SIGNATURE');
    expect(codeOf(await house.payments.webhook('sandbox', body, old))).toBe('BAD_SIGNATURE');
    expect(codeOf(await house.payments.webhook('sandbox', body, new Headers()))).toBe('BAD_SIGNATURE');
    expect(codeOf(await house.payments.webhook('sandbox', altered, headers))).toBe('BAD_SIGNATURE');
    expect(codeOf(await house.payments.webhook('nobody', body, headers))).toBe('NOT_FOUND');
    expect((await seen(made)).booking.status).toBe('PENDING');
    expect(codeOf(await house.payments.webhook('sandbox', body, headers))).toBe('OK');
    expect((await seen(made)).booking.status).toBe('CONFIRMED');
  });

  it('that reports another amount, currency or reference changes nothing', async () => {
    const made = await pending();
    const right = {
      id: 'evt',
      ref: await refOf(made),
      paymentId: made.payment.id,
      outcome: 'succeeded',
      amount: 5000,
      currency: 'EUR'
    };
    for (const wrong of [
      { amount: 4999 },
      { currency: 'USD' },
      { ref: 'sandbox_other' },
      { outcome: 'refunded' },
      { amount: '5000' }
    ]) {
      const { body, headers } = signed({ ...right, ...wrong });
      expect(codeOf(await house.payments.webhook('sandbox', body, headers)), JSON.stringify(wrong)).not.toBe('OK');
    }
    expect((await seen(made)).payment?.status).toBe('PENDING');
  });

  it('that contradicts an earlier one changes nothing', async () => {
    const made = await pending();
    must(await decide(made, 'success'));
    expect(codeOf(await decide(made, 'decline'))).toBe('ALREADY_USED');
    const { body, headers } = signed({
      ...{
        id: 'evt2',
        ref: await refOf(made),
        paymentId: made.payment.id,
        outcome: 'declined',
        amount: 5000,
        currency: 'EUR'
      }
    });
    expect(codeOf(await house.payments.webhook('sandbox', body, headers))).toBe('OK');
    expect((await seen(made)).payment?.status).toBe('SUCCESS');
  });

  it('that never comes is made up for by asking the gateway', async () => {
    const made = await pending();
    house.payments.setBaseUrl('http://127.0.0.1:9');
    must(await decide(made, 'success'));
    house.payments.setBaseUrl(house.url);
    expect((await seen(made)).booking.status).toBe('PENDING');
    expect(await house.payments.pollPending()).toBeGreaterThanOrEqual(1);
    expect((await seen(made)).booking.status).toBe('CONFIRMED');
    expect(await house.payments.pollPending()).toBe(0);
  });
});

describe('a declined payment', () => {
  it('is told by mail, leaves the seats to the buyer, and can be tried again', async () => {
    const made = await pending();
    must(await decide(made, 'decline'));
    const { booking, payment, tickets } = await seen(made);
    expect([booking.status, payment?.status, tickets]).toEqual(['PENDING', 'FAILED', []]);
    expect(await stateOf(house, made.show.id, 3)).toBe('held');
    const mail = await until('the mail', () => smtp.to(made.ada.email)[0]);
    expect(mail.subject).toBe('Your payment for A Test Play did not go through');

    const same = must(await house.booking.checkout(made.ada, { holdId: made.hold.id }, 'key'));
    expect(same.payment).toMatchObject({ id: made.payment.id, status: 'FAILED' });
    const again = must(await house.booking.checkout(made.ada, { holdId: made.hold.id }, 'key 2'));
    expect(again.booking.id).toBe(made.booking.id);
    expect(again.payment).toMatchObject({ status: 'PENDING', amount: 5000 });
    expect(again.payment.id).not.toBe(made.payment.id);
    must(await house.payments.sandboxDecide(again.payment.id, made.ada.user.id, 'success'));
    expect((await seen(made)).booking.status).toBe('CONFIRMED');
    await until('the tickets', () => smtp.to(made.ada.email).length === 2);
  });
});

describe('a success that comes late', () => {
  it('takes the seats again when all are available', async () => {
    const made = await pending();
    await expire(made);
    must(await decide(made, 'success'));
    const { booking, tickets } = await seen(made);
    expect([booking.status, tickets.length]).toEqual(['CONFIRMED', 2]);
    await until('booked', async () => (await stateOf(house, made.show.id, 3)) === 'booked');
    await until('the mail', () => smtp.to(made.ada.email).some((mail) => mail.subject?.startsWith('Your tickets')));
  });

  it('is to be refunded when one of the seats is sold, and takes none of the others', async () => {
    const made = await pending();
    await expire(made);
    await bookInPostgres(house.db, made.show, [4]);
    must(await decide(made, 'success'));
    expect(['REFUND_DUE', 'REFUNDED']).toContain((await seen(made)).booking.status);
    const { payment, tickets } = await refunded(made);
    expect([payment?.status, tickets]).toEqual(['REFUNDED', []]);
    expect(await count('booking_seat where booking_id = $1 and live', made.booking.id)).toBe(0);
    expect(await stateOf(house, made.show.id, 3)).toBe('available');
    const mail = await until('the mail', () => smtp.to(made.ada.email)[0]);
    expect(mail.subject).toBe('Your money for A Test Play comes back');
    expect(mail.text).toContain('€50');
  });

  it('is to be refunded when the seats are blocked, or would be more than one buyer may have', async () => {
    const blocked = await pending();
    await expire(blocked);
    await house.db.query(`insert into seat_block (show_id, plan_id, seat_index) values ($1, $2, 3)`, [
      blocked.show.id,
      blocked.show.planId
    ]);
    must(await decide(blocked, 'success'));
    await refunded(blocked);

    const capped = await pending({ cap: 2 });
    await expire(capped);
    const hold = await holdSeats(house, capped.show.id, capped.ada.buyer, [8]);
    must(await house.booking.checkout(capped.ada, { holdId: hold.id }, 'other'));
    must(await decide(capped, 'success'));
    await refunded(capped);
  });

  it('of a payment that the gateway never heard of in time is refused, and says that nothing was charged', async () => {
    const made = await pending();
    await house.db.query('delete from sandbox_payment where payment_id = $1', [made.payment.id]);
    await house.db.query('update payment set gateway_ref = null where id = $1', [made.payment.id]);
    await expire(made);
    expect(await decide(made, 'success')).toMatchObject({ code: 'HOLD_EXPIRED' });
    expect((await seen(made)).payment?.status).toBe('PENDING');
  });

  it('chosen on the sandbox’s page succeeds once the booking has expired', async () => {
    const made = await pending();
    // Due in two seconds: the sandbox waits, the booking expires, then the success comes.
    await house.db.query(`update booking set expires_at = now() + interval '2 seconds' where id = $1`, [
      made.booking.id
    ]);
    must(await decide(made, 'late'));
    expect((await seen(made)).booking.status).toBe('PENDING');
    const done = await until(
      'settled',
      async () => {
        const now = await seen(made);
        return now.payment?.status === 'SUCCESS' && now;
      },
      20_000
    );
    expect(done.booking.status).toBe('CONFIRMED');
    const expired = await count(`outbox where dedupe_key = $1`, `seats.sync:${made.booking.id}:EXPIRED`);
    expect(expired).toBe(1);
  }, 30_000);
});

describe('success and expiry at the same moment', () => {
  it('end with the booking confirmed and its seats live, twenty times over', async () => {
    for (let round = 0; round < 20; round++) {
      const made = await pending();
      await house.db.query(`update booking set expires_at = now() where id = $1`, [made.booking.id]);
      await Promise.all([decide(made, 'success'), expireOverdue(house.db), expireBooking(house.db, made.booking.id)]);
      const { booking, tickets } = await seen(made);
      expect([booking.status, tickets.length]).toEqual(['CONFIRMED', 2]);
      expect(await count('booking_seat where booking_id = $1 and live', made.booking.id)).toBe(2);
    }
  });
});

describe('an unpaid booking', () => {
  it('ends by itself when its time is over, and its seats are on sale again', async () => {
    const made = await pending();
    await house.db.query(`update booking set expires_at = now() where id = $1`, [made.booking.id]);
    await until('expired', async () => (await seen(made)).booking.status === 'EXPIRED');
    await until('available', async () => (await stateOf(house, made.show.id, 3)) === 'available');
    expect((await seen(made)).payment?.status).toBe('PENDING');
  });
});
