import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commitBooking } from '../../server/booking/commit.ts';
import { newId } from '../../server/ids.ts';
import { isRefusal } from '../../src/lib/domain/refusal.ts';
import { codeOf, holdSeats, makeBuyer, must, openHouse, stateOf, until, type House } from './house.ts';
import { bookInPostgres, makeShow } from './shows.ts';
import { startSmtp, type TestSmtp } from './smtp.ts';
import { makeConfig } from './stack.ts';

let house: House;
let smtp: TestSmtp;

beforeAll(async () => {
  smtp = await startSmtp();
  house = await openHouse(await makeConfig({ SMTP_URL: smtp.url, PAYMENT_TTL_MS: '60000' }));
  await house.jobs.start();
});
afterAll(async () => {
  await house.close();
  await smtp.close();
});

const count = async (text: string, ...values: unknown[]) =>
  (await house.db.query<{ count: number }>(`select count(*) from ${text}`, values)).rows[0]?.count;

describe('the way from a hold to a ticket', () => {
  it('books the held seats, takes the payment, makes tickets, marks the map and sends one mail', async () => {
    const show = await makeShow(house.db, 40);
    const ada = await makeBuyer(house.db);
    const hold = await holdSeats(house, show.id, ada.buyer, [7, 5, 6]);
    const { booking, payment } = must(await house.booking.checkout(ada, { holdId: hold.id }, 'key-1'));

    expect(booking).toMatchObject({
      status: 'PENDING',
      showId: show.id,
      total: 7500,
      currency: 'EUR',
      holdId: hold.id
    });
    expect(booking.seats).toEqual([5, 6, 7]);
    expect(booking.lines[0]).toMatchObject({
      ...{ index: 5, label: 'Stalls, row A, seat 6', short: 'A6', tierName: 'Standard', price: 2500 }
    });
    expect(payment).toMatchObject({
      status: 'PENDING',
      amount: 7500,
      currency: 'EUR',
      redirectUrl: `/pay/${payment.id}`
    });
    expect(await stateOf(house, show.id, 5)).toBe('held');

    must(await house.payments.sandboxDecide(payment.id, ada.user.id, 'success'));
    const paid = must(await house.booking.view(booking.id, ada.user.id));
    expect(paid.booking.status).toBe('CONFIRMED');
    expect(paid.payment).toMatchObject({ status: 'SUCCESS', redirectUrl: null });
    expect(paid.tickets.map((ticket) => ticket.seatIndex)).toEqual([5, 6, 7]);
    expect(new Set(paid.tickets.map((ticket) => ticket.code)).size).toBe(3);

    await until('the map shows booked', async () => (await stateOf(house, show.id, 5)) === 'booked');
    const mail = await until('a mail', () => smtp.to(ada.email)[0]);
    expect(mail.subject).toBe('Your tickets for A Test Play');
    for (const ticket of paid.tickets) expect(mail.text).toContain(ticket.code);
    await until('all work done', async () => (await count(`outbox where done_at is null and due_at <= now()`)) === 0);
    expect(smtp.to(ada.email)).toHaveLength(1);
  });

  it('keeps the hold of a guest who signs in on the way', async () => {
    const show = await makeShow(house.db, 10);
    const ada = await makeBuyer(house.db);
    const hold = await holdSeats(house, show.id, 'g_guest-who-signs-in', [1, 2]);
    const stranger = await makeBuyer(house.db);
    expect(codeOf(await house.booking.checkout(stranger, { holdId: hold.id }, 'k'))).toBe('NOT_FOUND');
    const made = must(
      await house.booking.checkout({ ...ada, guest: 'g_guest-who-signs-in' }, { holdId: hold.id }, 'k')
    );
    expect(made.booking.seats).toEqual([1, 2]);
  });

  it('is one for a guest who signed in and clicks many times', async () => {
    const show = await makeShow(house.db, 40);
    for (let round = 0; round < 12; round++) {
      const ada = await makeBuyer(house.db);
      const guest = `g_guest-who-clicks-${String(round).padStart(4, '0')}`;
      const hold = await holdSeats(house, show.id, guest, [round]);
      // A little after each other: each click meets the ones before it at another place.
      const clicks = Array.from({ length: 8 }, async (_, n) => {
        await new Promise((resolve) => setTimeout(resolve, n * 0.7));
        return house.booking.checkout({ ...ada, guest }, { holdId: hold.id }, 'k');
      });
      const made = (await Promise.all(clicks)).map((answer) => must(answer).booking.id);
      expect(new Set(made).size).toBe(1);
    }
  });

  it('lets only its user see it', async () => {
    const show = await makeShow(house.db, 10);
    const [ada, eve] = [await makeBuyer(house.db), await makeBuyer(house.db)];
    const hold = await holdSeats(house, show.id, ada.buyer, [1]);
    const { booking, payment } = must(await house.booking.checkout(ada, { holdId: hold.id }, 'k'));
    expect(codeOf(await house.booking.view(booking.id, eve.user.id))).toBe('NOT_FOUND');
    expect(codeOf(await house.booking.view('no uuid', ada.user.id))).toBe('NOT_FOUND');
    expect(codeOf(await house.booking.cancelPending(booking.id, eve.user.id))).toBe('NOT_FOUND');
    expect(codeOf(await house.payments.sandboxView(payment.id, eve.user.id))).toBe('NOT_FOUND');
    expect(codeOf(await house.payments.sandboxDecide(payment.id, eve.user.id, 'success'))).toBe('NOT_FOUND');
    expect(must(await house.payments.sandboxView(payment.id, ada.user.id)).booking.id).toBe(booking.id);
  });

  it('lists a user’s bookings page by page, newest first, each once', async () => {
    const ada = await makeBuyer(house.db);
    const made: string[] = [];
    for (let n = 0; n < 5; n++) {
      const show = await makeShow(house.db, 4);
      const hold = await holdSeats(house, show.id, ada.buyer, [0]);
      made.unshift(must(await house.booking.checkout(ada, { holdId: hold.id }, `key-${n}`)).booking.id);
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await house.booking.mine(ada.user.id, { limit: 2, cursor, when: 'all' });
      seen.push(...page.items.map((booking) => booking.id));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(made);
    expect((await house.booking.mine(ada.user.id, { limit: 2, cursor: 'nonsense', when: 'all' })).items).toHaveLength(
      2
    );
  });
});

describe('the same request again', () => {
  it('gives the same booking, also ten times at once', async () => {
    const show = await makeShow(house.db, 10);
    const ada = await makeBuyer(house.db);
    const hold = await holdSeats(house, show.id, ada.buyer, [3, 4]);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => house.booking.checkout(ada, { holdId: hold.id }, 'one key'))
    );
    expect(new Set(answers.map((answer) => must(answer).booking.id)).size).toBe(1);
    expect(new Set(answers.map((answer) => must(answer).payment.id)).size).toBe(1);
    expect(await count('booking where user_id = $1', ada.user.id)).toBe(1);
  });

  it('gives the same booking for the same hold under ten keys at once', async () => {
    const show = await makeShow(house.db, 10);
    const ada = await makeBuyer(house.db);
    const hold = await holdSeats(house, show.id, ada.buyer, [3, 4]);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => house.booking.checkout(ada, { holdId: hold.id }, `key ${n}`))
    );
    expect(new Set(answers.map((answer) => must(answer).booking.id)).size).toBe(1);
    expect(await count('payment p join booking b on b.id = p.booking_id where b.user_id = $1', ada.user.id)).toBe(1);
  });

  it('is refused when the key comes with another body', async () => {
    const show = await makeShow(house.db, 10);
    const other = await makeShow(house.db, 10);
    const ada = await makeBuyer(house.db);
    const hold = await holdSeats(house, show.id, ada.buyer, [3]);
    const second = await holdSeats(house, other.id, ada.buyer, [3]);
    must(await house.booking.checkout(ada, { holdId: hold.id }, 'key'));
    const named = { holdId: hold.id, attendees: ['Grace'] };
    expect(codeOf(await house.booking.checkout(ada, named, 'key'))).toBe('IDEMPOTENCY_CONFLICT');
    expect(codeOf(await house.booking.checkout(ada, { holdId: second.id }, 'key'))).toBe('IDEMPOTENCY_CONFLICT');
    expect(codeOf(await house.booking.checkout(ada, { holdId: second.id }, 'key 2'))).toBe('OK');
  });

  it('is refused for one of two shows that use the key at the same moment', async () => {
    const ada = await makeBuyer(house.db);
    const shows = await Promise.all([makeShow(house.db, 4), makeShow(house.db, 4)]);
    const holds = await Promise.all(shows.map((show) => holdSeats(house, show.id, ada.buyer, [0])));
    const answers = await Promise.all(holds.map((hold) => house.booking.checkout(ada, { holdId: hold.id }, 'same')));
    expect(answers.map(codeOf).sort()).toEqual(['IDEMPOTENCY_CONFLICT', 'OK']);
  });

  it('by another user with the same key is another booking', async () => {
    const show = await makeShow(house.db, 10);
    const ids = await Promise.all(
      [0, 1].map(async (seat) => {
        const buyer = await makeBuyer(house.db);
        const hold = await holdSeats(house, show.id, buyer.buyer, [seat]);
        return must(await house.booking.checkout(buyer, { holdId: hold.id }, 'same')).booking.id;
      })
    );
    expect(new Set(ids).size).toBe(2);
  });
});

describe('who may buy', () => {
  it('refuses a hold that is over, malformed or unknown', async () => {
    const show = await makeShow(house.db, 10);
    const ada = await makeBuyer(house.db);
    const hold = await holdSeats(house, show.id, ada.buyer, [3]);
    must(await house.seats.release(show.id, ada.buyer));
    const gone = codeOf(await house.booking.checkout(ada, { holdId: hold.id }, 'a'));
    expect(['HOLD_EXPIRED', 'NOT_FOUND']).toContain(gone);
    expect(codeOf(await house.booking.checkout(ada, { holdId: 'x' }, 'b'))).toBe('NOT_FOUND');
    expect(await count('booking where user_id = $1', ada.user.id)).toBe(0);
  });

  it('refuses seats that Postgres has sold, names them, mends the map and leaves the others held', async () => {
    const show = await makeShow(house.db, 10);
    const ada = await makeBuyer(house.db);
    const hold = await holdSeats(house, show.id, ada.buyer, [3, 4, 5]);
    await bookInPostgres(house.db, show, [4]);
    const answer = await house.booking.checkout(ada, { holdId: hold.id }, 'key');
    expect(isRefusal(answer) && [answer.code, answer.details]).toEqual(['SEAT_TAKEN', { seats: [4] }]);
    expect(await count('booking where user_id = $1', ada.user.id)).toBe(0);
    expect(await stateOf(house, show.id, 4)).toBe('booked');
    const left = must(await house.seats.ownHold(show.id, ada.buyer));
    expect(left).toMatchObject({ seats: [3, 5], phase: 'selecting' });
    expect(must(await house.booking.checkout(ada, { holdId: hold.id }, 'key 2')).booking.seats).toHaveLength(2);
  });

  it('never lets a buyer have more seats than the show’s cap, however they hold them', async () => {
    const show = await makeShow(house.db, 40, { cap: 3 });
    const ada = await makeBuyer(house.db);
    // Holds of guests, as if the cap in Redis had been lost: only Postgres counts here.
    const holds = await Promise.all(
      [0, 1, 2, 3, 4, 5].map((n) => holdSeats(house, show.id, `g_mask${n}-${ada.user.id}`, [2 * n, 2 * n + 1]))
    );
    const answers = await Promise.all(
      holds.map((hold, n) =>
        house.booking.checkout({ ...ada, buyer: `g_mask${n}-${ada.user.id}` }, { holdId: hold.id }, `key ${n}`)
      )
    );
    expect(answers.map(codeOf).sort()).toEqual([
      'CAP_REACHED',
      'CAP_REACHED',
      'CAP_REACHED',
      'CAP_REACHED',
      'CAP_REACHED',
      'OK'
    ]);
    expect(await count('booking_seat where show_id = $1 and live', show.id)).toBe(2);
  });

  it('gives the seats of a booking whose time is over to the next one, even before the sweep', async () => {
    const show = await makeShow(house.db, 10);
    const late = await bookInPostgres(house.db, show, [2, 3], 'PENDING');
    const ada = await makeBuyer(house.db);
    await house.db.query(`update booking set expires_at = now() - interval '1 second' where id = $1`, [late.bookingId]);
    // Whether the sweep or the checkout is first: the seats are free for this buyer now.
    await until('a hold', async () => !isRefusal(await house.seats.hold(show.id, ada.buyer, [2, 3], 'r')));
    const hold = must(await house.seats.ownHold(show.id, ada.buyer));
    must(await house.booking.checkout(ada, { holdId: hold?.id ?? '' }, 'key'));
    expect(await count(`booking where id = $1 and status = 'EXPIRED'`, late.bookingId)).toBe(1);
  });

  it('takes prices from Postgres, per tier, in the show’s currency', async () => {
    const show = await makeShow(house.db, 10);
    await house.db.query(`insert into show_tier values ($1, 'gold', 'Gold', 2, 9900)`, [show.id]);
    await house.db.query(`update plan_seat set tier = 'gold' where plan_id = $1 and seat_index < 2`, [show.planId]);
    await house.db.query(`update show set currency = 'JPY' where id = $1`, [show.id]);
    const ada = await makeBuyer(house.db);
    const hold = await holdSeats(house, show.id, ada.buyer, [1, 2]);
    const { booking, payment } = must(await house.booking.checkout(ada, { holdId: hold.id }, 'key'));
    expect(booking).toMatchObject({ total: 12_400, currency: 'JPY' });
    expect(booking.lines.map((seat) => [seat.tierName, seat.price])).toEqual([
      ['Gold', 9900],
      ['Standard', 2500]
    ]);
    expect(payment).toMatchObject({ amount: 12_400, currency: 'JPY' });
  });
});

describe('a rush', () => {
  it('of 60 buyers who all hold the same seats, as after a failover of Redis, sells each seat once and each booking whole', async () => {
    const show = await makeShow(house.db, 30);
    const buyers = await Promise.all(Array.from({ length: 60 }, () => makeBuyer(house.db)));
    const answers = await Promise.all(
      buyers.map(({ user }, n) => {
        const first = (n * 7) % 28;
        return commitBooking(house.db, {
          ...{ user: user.id, show: show.id, hold: `${show.id}.${newId()}`, seats: [first, first + 1, first + 2] },
          ...{ planId: show.planId, heldAt: 1, attendees: [], key: 'k', requestHash: 'h' },
          ...{ payWithinMs: 60_000, gateway: 'sandbox' }
        });
      })
    );
    const sold = answers.filter((answer) => !isRefusal(answer)).length;
    expect(sold).toBeGreaterThan(3);
    expect(new Set(answers.map(codeOf))).toEqual(new Set(['OK', 'SEAT_TAKEN']));
    const seats = await house.db.query('select distinct seat_index from booking_seat where show_id = $1 and live', [
      show.id
    ]);
    expect(seats.rowCount).toBe(3 * sold);
    expect(await count('booking_seat where show_id = $1', show.id)).toBe(3 * sold);
    expect(await count('booking where show_id = $1', show.id)).toBe(sold);
  });
});

describe('letting go', () => {
  it('puts the seats of an unpaid booking on sale again at once, and only those', async () => {
    const show = await makeShow(house.db, 10);
    const ada = await makeBuyer(house.db);
    const hold = await holdSeats(house, show.id, ada.buyer, [3]);
    const { booking, payment } = must(await house.booking.checkout(ada, { holdId: hold.id }, 'key'));
    expect(must(await house.booking.cancelPending(booking.id, ada.user.id)).status).toBe('EXPIRED');
    expect(await stateOf(house, show.id, 3)).toBe('available');
    expect(codeOf(await house.booking.cancelPending(booking.id, ada.user.id))).toBe('NOT_CANCELLABLE');
    expect(codeOf(await house.booking.checkout(ada, { holdId: hold.id }, 'key 2'))).toBe('HOLD_EXPIRED');
    expect(payment.status).toBe('PENDING');

    const again = await holdSeats(house, show.id, ada.buyer, [3]);
    const paid = must(await house.booking.checkout(ada, { holdId: again.id }, 'key 3'));
    must(await house.payments.sandboxDecide(paid.payment.id, ada.user.id, 'success'));
    expect(codeOf(await house.booking.cancelPending(paid.booking.id, ada.user.id))).toBe('NOT_CANCELLABLE');
  });
});
