import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amountText } from './money.ts';
import { quote, WHOLE, type Fee, type Promo, type SeatToPrice, type Tax, type Terms } from './quote.ts';

const none: Terms = { fees: [], tax: null, promo: null };
const seatsAt = (...prices: number[]): SeatToPrice[] => prices.map((price, seat) => ({ seat, price, type: null }));

const share = fc.integer({ min: 0, max: WHOLE });
const amount = fc.integer({ min: 0, max: 1_000_000_000_000 });
const named = { id: fc.constant('child'), name: fc.constant('Child') };
const type = fc.option(fc.oneof(fc.record({ ...named, share }), fc.record({ ...named, price: amount })));
const seats = fc
  .array(fc.record({ price: amount, type }), { minLength: 1, maxLength: 50 })
  .map((list): SeatToPrice[] => list.map((one, seat) => ({ ...one, seat })));
const fee: fc.Arbitrary<Fee> = fc.record({
  name: fc.constantFrom('Booking fee', 'Renovation'),
  perTicket: fc.integer({ min: 0, max: 10_000 }),
  share: fc.integer({ min: 0, max: 3000 }),
  perBooking: fc.integer({ min: 0, max: 10_000 })
});
const tax: fc.Arbitrary<Tax | null> = fc.option(
  fc.record({ name: fc.constant('VAT'), share: fc.integer({ min: 0, max: 3000 }), included: fc.boolean() })
);
const promo: fc.Arbitrary<Promo | null> = fc.option(
  fc.oneof(fc.record({ code: fc.constant('HALF'), share }), fc.record({ code: fc.constant('TEN'), amount }))
);
const terms = fc.record({ fees: fc.array(fee, { maxLength: 3 }), tax, promo });

const sum = (amounts: number[]) => amounts.reduce((all, one) => all + one, 0);

describe('a quote, whatever the prices and the terms', () => {
  it('adds up: by seat, and by line', () => {
    fc.assert(
      fc.property(seats, terms, (wanted, given) => {
        const { seats: priced, ...sums } = quote(wanted, given);
        for (const seat of priced) expect(seat.amount).toBe(seat.price - seat.discount + seat.fees + seat.tax);
        expect(sums.total).toBe(sum(priced.map((seat) => seat.amount)));
        expect(sums.subtotal).toBe(sum(priced.map((seat) => seat.price)));
        expect(sums.discount).toBe(sum(priced.map((seat) => seat.discount)));
        const added = sums.tax && !sums.tax.included ? sums.tax.amount : 0;
        expect(sums.total).toBe(sums.subtotal - sums.discount + sum(sums.fees.map((one) => one.amount)) + added);
      })
    );
  });

  it('is whole minor units, and nothing is ever negative', () => {
    fc.assert(
      fc.property(seats, terms, (wanted, given) => {
        const { seats: priced, subtotal, discount, total, tax: shown } = quote(wanted, given);
        const all = [subtotal, discount, total, shown?.amount ?? 0];
        for (const { price, discount: off, fees, tax: added, amount: cost } of priced) {
          all.push(price, off, fees, added, cost);
          expect(off).toBeLessThanOrEqual(price);
        }
        for (const one of all) expect(Number.isSafeInteger(one) && one >= 0).toBe(true);
      })
    );
  });

  it('never costs more with a code than without', () => {
    fc.assert(
      fc.property(seats, terms, (wanted, given) => {
        expect(quote(wanted, given).total).toBeLessThanOrEqual(quote(wanted, { ...given, promo: null }).total);
      })
    );
  });

  it('charges nothing for what is free', () => {
    fc.assert(
      fc.property(seats, terms, (wanted, given) => {
        const { total } = quote(wanted, { ...given, promo: { code: 'GUEST', share: WHOLE } });
        expect(total).toBe(0);
      })
    );
  });
});

describe('a quote in figures that can be checked by hand', () => {
  it('takes a fixed amount off the booking, not more than there is', () => {
    const off = quote(seatsAt(3000, 1000), { ...none, promo: { code: 'TEN', amount: 1000 } });
    expect(off.seats.map((seat) => seat.discount)).toEqual([750, 250]);
    expect(quote(seatsAt(300), { ...none, promo: { code: 'TEN', amount: 1000 } }).total).toBe(0);
  });

  it('a fee for the booking is spread over its seats without losing a cent', () => {
    const fees = [{ name: 'Booking fee', perTicket: 0, share: 0, perBooking: 100 }];
    const { seats: priced, total } = quote(seatsAt(500, 500, 500), { ...none, fees });
    expect(priced.map((seat) => seat.fees)).toEqual([33, 33, 34]);
    expect(total).toBe(1600);
  });

  it('adds tax to prices and fees, or shows the tax they contain', () => {
    const fees = [{ name: 'Booking fee', perTicket: 100, share: 0, perBooking: 0 }];
    const added = quote(seatsAt(900), { ...none, fees, tax: { name: 'GST', share: 1800, included: false } });
    expect([added.total, added.tax?.amount]).toEqual([1180, 180]);
    const contained = quote(seatsAt(1190), { ...none, tax: { name: 'MwSt.', share: 1900, included: true } });
    expect([contained.total, contained.tax?.amount]).toEqual([1190, 190]);
  });

  it('a child pays half of the tier, and half a cent is rounded up', () => {
    const child = { id: 'child', name: 'Child', share: 5000 };
    expect(quote([{ seat: 4, price: 2401, type: child }], none).total).toBe(1201);
  });

  it('knows nothing of decimals: yen have none, dinars have three', () => {
    const third: Promo = { code: 'THIRD', share: 3333 };
    const cost = quote(seatsAt(1000), { ...none, promo: third }).total;
    expect([amountText(cost, 'JPY'), amountText(cost, 'KWD')]).toEqual(['667', '0.667']);
  });
});
