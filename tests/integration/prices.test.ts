import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRefusal } from '../../src/lib/domain/refusal.ts';
import { PLAIN, promoBody, type Pricing } from '../../src/lib/domain/pricing.ts';
import type { Buyer } from '../../server/booking/checkout.ts';
import { expireBooking } from '../../server/booking/expiry.ts';
import { readPrinted } from '../../server/tickets/printed.ts';
import { createPromoCodes } from '../../server/catalog/promo-codes.ts';
import { createShows } from '../../server/catalog/shows.ts';
import { codeOf, holdSeats, makeBuyer, must, openHouse, until, type House } from './house.ts';
import { givenBack, organizerOf, unbalanced } from './refund-house.ts';
import { makeShow, type MadeShow } from './shows.ts';
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

const CHILD = { id: 'child', name: 'Child', share: 5000 };
const PRICED: Pricing = {
  ticketTypes: [{ id: 'adult', name: 'Adult', share: 10_000 }, CHILD, { id: 'student', name: 'Student', price: 1111 }],
  fees: [{ name: 'Booking fee', perTicket: 100, share: 250, perBooking: 101 }],
  tax: { name: 'GST', share: 1800, included: false }
};
/** Ten seats of 2,500 each. */
async function pricedShow(pricing: Pricing = PRICED, currency = 'EUR'): Promise<MadeShow> {
  const show = await makeShow(house.db, 12);
  await house.db.query('update show set currency = $2 where id = $1', [show.id, currency]);
  must(await createShows(house.db).update(organizerOf(show), show.id, pricing));
  return show;
}
const makePromo = async (show: MadeShow, body: object) =>
  must(await createPromoCodes(house.db).create(organizerOf(show), promoBody.parse(body)));
const usesOf = async (id: string) =>
  (await house.db.query<{ uses: number }>('select uses from promo_code where id = $1', [id])).rows[0]?.uses;
const pay = async (ada: Buyer, paymentId: string) =>
  must(await house.payments.sandboxDecide(paymentId, ada.user.id, 'success'));

describe('what is shown', () => {
  for (const currency of ['EUR', 'JPY', 'KWD']) {
    it(`is what is charged, stored, printed and given back, in ${currency}`, async () => {
      const show = await pricedShow(PRICED, currency);
      const promo = await makePromo(show, { code: 'third', off: { share: 3333 } });
      const ada = await makeBuyer(house.db);
      const hold = await holdSeats(house, show.id, ada.buyer, [3, 1, 2]);
      const chosen = { types: { 1: 'child', 3: 'student' }, promoCode: ' third ' };
      const shown = must(await house.booking.quote(hold, ada.user.id, chosen));
      expect(shown).toMatchObject({ currency, subtotal: 1250 + 2500 + 1111, promoCode: 'THIRD' });

      const wish = { holdId: hold.id, ...chosen, expectedTotal: shown.total };
      const { booking, payment } = must(await house.booking.checkout(ada, wish, 'key'));
      const { subtotal, discount, fees, tax, total } = shown;
      expect(booking).toMatchObject({ total, receipt: { subtotal, discount, fees, tax, promoCode: 'THIRD' } });
      expect(payment).toMatchObject({ amount: total, currency });
      expect(booking.lines.map(({ ticketType, price }) => [ticketType, price])).toEqual([
        ['Child', shown.seats[0]?.amount],
        ['Adult', shown.seats[1]?.amount],
        ['Student', shown.seats[2]?.amount]
      ]);
      for (const { basePrice, discount, fees, tax, price } of booking.lines)
        expect(price).toBe(basePrice - discount + fees + tax);

      await pay(ada, payment.id);
      expect(await usesOf(promo.id)).toBe(1);
      const printed = await readPrinted(house.db, booking.id, 'anybody');
      expect(printed?.tickets.map(({ price, ticketType }) => [ticketType, price])).toEqual(
        booking.lines.map(({ price, ticketType }) => [ticketType, price])
      );
      // Whatever prices are by now, what was paid for a seat goes back: its fees and its tax too.
      must(await createShows(house.db).update(organizerOf(show), show.id, { ...PLAIN, prices: { standard: 1 } }));
      must(await house.booking.refund(organizerOf(show), booking.id, { seats: [1], reason: 'Too small' }));
      const first = shown.seats[0]?.amount ?? 0;
      await until('one seat', async () => (await givenBack(house.db, payment.id)).join() === String(first));
      must(await house.booking.refund(organizerOf(show), booking.id, { reason: 'All of it' }));
      await until('all', async () => (await givenBack(house.db, payment.id)).join() === `${first},${total - first}`);
      expect(await unbalanced(house.db)).toEqual([]);
      // A code that was used for what was paid stays used.
      expect(await usesOf(promo.id)).toBe(1);
    });
  }

  it('is in the mail as on the page', async () => {
    const show = await pricedShow();
    await makePromo(show, { code: 'TEN', off: { amount: 1000, currency: 'EUR' } });
    const ada = await makeBuyer(house.db);
    const hold = await holdSeats(house, show.id, ada.buyer, [1]);
    const { payment } = must(
      await house.booking.checkout(ada, { holdId: hold.id, types: { 1: 'child' }, promoCode: 'TEN' }, 'key')
    );
    await pay(ada, payment.id);
    const mail = await until('the mail', () => smtp.to(ada.email)[0]);
    for (const words of ['(Child)', '€12.50', 'Discount (TEN)', '−€10', 'Booking fee', 'GST']) {
      expect(mail.text).toContain(words);
    }
  });

  it('is never charged otherwise: another total is refused with the price of now, and the seats stay held', async () => {
    const show = await pricedShow(PLAIN);
    const ada = await makeBuyer(house.db);
    const hold = await holdSeats(house, show.id, ada.buyer, [4]);
    const made = await house.booking.checkout(ada, { holdId: hold.id, expectedTotal: 2499 }, 'key');
    expect(codeOf(made)).toBe('PRICE_CHANGED');
    expect(isRefusal(made) && made.details['quote']).toMatchObject({ total: 2500 });
    const { booking } = must(await house.booking.checkout(ada, { holdId: hold.id, expectedTotal: 2500 }, 'key 2'));
    expect(booking.total).toBe(2500);
    // The same hold again, as if it cost something else by now.
    const again = await house.booking.checkout(ada, { holdId: hold.id, expectedTotal: 1250 }, 'key 3');
    expect(isRefusal(again) && again.details).toMatchObject({ bookingId: booking.id, total: 2500 });
  });

  it('stays for who holds: dearer fees, another tax, a ticket type that is gone', async () => {
    const show = await pricedShow();
    const ada = await makeBuyer(house.db);
    const { terms } = (await house.db.query<{ terms: number }>('select terms from show where id = $1', [show.id]))
      .rows[0] ?? { terms: 0 };
    const hold = { ...(await holdSeats(house, show.id, ada.buyer, [1, 2])), terms };
    const types = { 1: 'child' };
    const before = must(await house.booking.quote(hold, ada.user.id, { types }));
    const dearer: Pricing = {
      ticketTypes: [{ id: 'adult', name: 'Adult', share: 12_000 }],
      fees: [{ name: 'Booking fee', perTicket: 900, share: 0, perBooking: 0 }],
      tax: { name: 'GST', share: 2500, included: false }
    };
    must(await createShows(house.db).update(organizerOf(show), show.id, dearer));
    expect(must(await house.booking.quote(hold, ada.user.id, { types })).total).toBe(before.total);
    const { terms: _, ...fresh } = hold;
    expect(codeOf(await house.booking.quote(fresh, ada.user.id, { types }))).toBe('INVALID');
    expect(must(await house.booking.quote(fresh, ada.user.id, {})).total).toBeGreaterThan(before.total);
  });

  it('may be nothing: the booking is confirmed at once, without a payment to make', async () => {
    const show = await pricedShow();
    await makePromo(show, { code: 'GUEST', off: { share: 10_000 } });
    const ada = await makeBuyer(house.db);
    const hold = await holdSeats(house, show.id, ada.buyer, [5]);
    const wish = { holdId: hold.id, promoCode: 'GUEST', expectedTotal: 0 };
    const { booking, payment } = must(await house.booking.checkout(ada, wish, 'key'));
    expect([booking.status, payment.status, payment.redirectUrl]).toEqual(['CONFIRMED', 'SUCCESS', null]);
    expect(must(await house.booking.view(booking.id, ada.user.id)).tickets).toHaveLength(1);
  });
});

describe('a promo code', () => {
  it('with one use left goes to one of ten buyers who come together', async () => {
    const show = await pricedShow(PLAIN);
    const promo = await makePromo(show, { code: 'LAST', off: { share: 5000 }, usesMax: 1 });
    const answers = await Promise.all(
      Array.from({ length: 10 }, async (_, seat) => {
        const ada = await makeBuyer(house.db);
        const hold = await holdSeats(house, show.id, ada.buyer, [seat]);
        return house.booking.checkout(ada, { holdId: hold.id, promoCode: 'LAST', expectedTotal: 1250 }, 'key');
      })
    );
    expect(answers.map(codeOf).sort()).toEqual([...Array<string>(9).fill('CODE_REFUSED'), 'OK']);
    expect(await usesOf(promo.id)).toBe(1);
  });

  it('comes back when the booking expires or is let go, and a late payment takes it again or goes back', async () => {
    const show = await pricedShow(PLAIN);
    const promo = await makePromo(show, { code: 'ONCE', off: { share: 5000 }, usesMax: 1 });
    const buy = async (seat: number) => {
      const ada = await makeBuyer(house.db);
      const hold = await holdSeats(house, show.id, ada.buyer, [seat]);
      const made = await house.booking.checkout(ada, { holdId: hold.id, promoCode: 'ONCE' }, 'key');
      return { ada, made };
    };
    const first = await buy(1);
    const one = must(first.made);
    expect(codeOf((await buy(2)).made)).toBe('CODE_REFUSED');
    must(await house.booking.cancelPending(one.booking.id, first.ada.user.id));
    expect(await usesOf(promo.id)).toBe(0);

    const late = await buy(3);
    const { booking, payment } = must(late.made);
    await house.db.query(`update booking set expires_at = now() - interval '1 second' where id = $1`, [booking.id]);
    await expireBooking(house.db, booking.id);
    await until('its use is back', async () => (await usesOf(promo.id)) === 0);
    await pay(late.ada, payment.id);
    const view = async (of: typeof late, id: string) => must(await house.booking.view(id, of.ada.user.id)).booking;
    await until('confirmed', async () => (await view(late, booking.id)).status === 'CONFIRMED');
    expect(await usesOf(promo.id)).toBe(1);

    // The first one's payment comes too late as well, and nothing of the code is left: its money goes back.
    await pay(first.ada, one.payment.id);
    await until('refunded', async () => (await view(first, one.booking.id)).status === 'REFUNDED');
    expect(await usesOf(promo.id)).toBe(1);
    expect(await unbalanced(house.db)).toEqual([]);
  });

  it('is for its shows, its time, its currency and so many times a buyer', async () => {
    const [show, other] = [await pricedShow(PLAIN), await pricedShow(PLAIN)];
    const ada = await makeBuyer(house.db);
    const hold = await holdSeats(house, show.id, ada.buyer, [1]);
    const asked = async (promoCode: string) => codeOf(await house.booking.quote(hold, ada.user.id, { promoCode }));
    const off = { share: 1000 };
    const hour = (n: number) => new Date(Date.now() + n * 3_600_000).toISOString();
    const promos = [
      ['HERE', { shows: [show.id] }, 'OK'],
      ['EARLY', { startsAt: hour(1) }, 'CODE_REFUSED'],
      ['NOW', { startsAt: hour(-1), endsAt: hour(1) }, 'OK'],
      ['OVER', { endsAt: hour(-1) }, 'CODE_REFUSED'],
      ['OFF', { active: false }, 'CODE_REFUSED'],
      ['YEN', { off: { amount: 100, currency: 'JPY' } }, 'CODE_REFUSED']
    ] as const;
    for (const [code, more, answer] of promos) {
      await makePromo(show, { code, off, ...more });
      expect([code, await asked(code)]).toEqual([code, answer]);
    }
    // Of another organizer, or of nobody.
    await makePromo(other, { code: 'THEIRS', off });
    expect([await asked('THEIRS'), await asked('NO-SUCH'), await asked('%')]).toEqual(Array(3).fill('CODE_REFUSED'));

    await makePromo(show, { code: 'TWICE', off, usesPerUser: 1 });
    must(await house.booking.checkout(ada, { holdId: hold.id, promoCode: 'TWICE' }, 'key'));
    const second = await holdSeats(house, show.id, ada.buyer, [2]);
    const again = await house.booking.checkout(ada, { holdId: second.id, promoCode: 'TWICE' }, 'key 2');
    expect(isRefusal(again) && again.message).toContain('once by each buyer');
    // Nothing happened to the seats: they can be had without it.
    must(await house.booking.checkout(ada, { holdId: second.id }, 'key 3'));
  });

  it('is its organizer’s own, and every change of it stands in the audit log', async () => {
    const [show, other] = [await pricedShow(PLAIN), await pricedShow(PLAIN)];
    const promos = createPromoCodes(house.db);
    const promo = await makePromo(show, { code: 'MINE', off: { share: 1000 }, usesMax: 5 });
    expect(codeOf(await promos.get(organizerOf(other), promo.id))).toBe('NOT_FOUND');
    expect(codeOf(await promos.update(organizerOf(other), promo.id, { active: false }))).toBe('NOT_FOUND');
    expect((await promos.list(organizerOf(other), { limit: 20, state: 'all', sort: 'newest' })).items).toEqual([]);
    const foreign = promoBody.parse({ code: 'STOLEN', off: { share: 1000 }, shows: [show.id] });
    expect(codeOf(await promos.create(organizerOf(other), foreign))).toBe('INVALID');
    const same = promoBody.parse({ code: 'mine', off: { share: 1000 } });
    expect(codeOf(await promos.create(organizerOf(show), same))).toBe('INVALID');
    must(await promos.create(organizerOf(other), same));

    must(await promos.update(organizerOf(show), promo.id, { active: false, version: 1 }));
    expect(codeOf(await promos.update(organizerOf(show), promo.id, { usesMax: 9, version: 1 }))).toBe(
      'CHANGED_MEANWHILE'
    );
    const { rows } = await house.db.query(
      `select action, organizer_id = $2 as own from audit_log where kind = 'promo' and thing_id = $1 order by id`,
      [promo.id, show.organizerId]
    );
    expect(rows).toEqual([
      { action: 'create', own: true },
      { action: 'update', own: true }
    ]);
  });
});
