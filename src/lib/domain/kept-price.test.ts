import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoteSince, typesSince, type ShowPrices, type WantedSeat } from './kept-price.ts';
import { amountText, parseAmount } from './money.ts';
import type { Pricing } from './pricing.ts';
import type { Promo, Quote } from './quote.ts';

const amount = fc.integer({ min: 0, max: 100_000_000 });
const share = fc.integer({ min: 0, max: 20_000 });
const TYPES = ['adult', 'child'];
const pricing: fc.Arbitrary<Pricing> = fc.record({
  ticketTypes: fc
    .tuple(
      ...TYPES.map((id) =>
        fc.oneof(
          share.map((n) => ({ id, name: id, share: n })),
          amount.map((n) => ({ id, name: id, price: n }))
        )
      )
    )
    .map((types) => types),
  fees: fc.array(
    fc.record({
      name: fc.constant('Fee'),
      perTicket: amount,
      share: fc.integer({ min: 0, max: 5000 }),
      perBooking: amount
    }),
    { maxLength: 2 }
  ),
  tax: fc.option(
    fc.record({ name: fc.constant('VAT'), share: fc.integer({ min: 0, max: 3000 }), included: fc.boolean() })
  )
});
/** A show's prices at terms 1 … n, the last of them today's. */
const history = fc.array(fc.record({ pricing, price: amount }), { minLength: 1, maxLength: 5 });
const promo: fc.Arbitrary<Promo | null> = fc.option(
  fc.oneof(
    fc.integer({ min: 1, max: 10_000 }).map((n) => ({ code: 'X', share: n })),
    amount.map((n) => ({ code: 'X', amount: n }))
  )
);
const wanted = fc
  .array(fc.option(fc.constantFrom(...TYPES)), { minLength: 1, maxLength: 8 })
  .map((types) => types.map((type, seat): WantedSeat => ({ seat, tier: 'stalls', type })));

type Moment = { pricing: Pricing; price: number };
const asShow = (moments: readonly Moment[]): ShowPrices => {
  const now = moments.at(-1);
  if (!now) throw new Error('a show has prices');
  const before = moments.slice(0, -1);
  return {
    ...now.pricing,
    tiers: [{ tier: 'stalls', price: now.price }],
    earlier: {
      prices: before.map(({ price }, n) => ({ terms: n + 1, tier: 'stalls', price })),
      pricing: before.map(({ pricing }, n) => ({ terms: n + 1, ...pricing }))
    }
  };
};
const priced = (found: Quote | { unknownType: number }): Quote => {
  if ('unknownType' in found) throw new Error(`seat ${found.unknownType} has no such type`);
  return found;
};

describe('what seats cost who holds them, however often all prices have changed since', () => {
  it('is never more than at any moment since then, and never more than today', () => {
    fc.assert(
      fc.property(history, wanted, promo, fc.nat(), (moments, seats, code, at) => {
        const heldAt = (at % moments.length) + 1;
        // Who has not chosen pays for what comes first, and that may be another type by now.
        const chosen = seats.map((seat) => ({ ...seat, type: seat.type ?? 'adult' }));
        const kept = priced(quoteSince(chosen, asShow(moments), heldAt, code)).total;
        for (const moment of moments.slice(heldAt - 1)) {
          expect(kept).toBeLessThanOrEqual(priced(quoteSince(chosen, asShow([moment]), undefined, code)).total);
        }
      })
    );
  });

  it('adds up, seat by seat and line by line, and is whole and never negative', () => {
    fc.assert(
      fc.property(history, wanted, promo, (moments, seats, code) => {
        const { seats: by, ...sums } = priced(quoteSince(seats, asShow(moments), 1, code));
        const sum = (parts: number[]) => parts.reduce((all, one) => all + one, 0);
        for (const one of by) {
          expect(one.amount).toBe(one.price - one.discount + one.fees + one.tax);
          for (const part of [one.price, one.discount, one.fees, one.tax, one.taxIncluded, one.amount])
            expect(Number.isSafeInteger(part) && part >= 0).toBe(true);
          expect(one.taxIncluded).toBeLessThanOrEqual(one.amount);
        }
        expect(sums.total).toBe(sum(by.map((one) => one.amount)));
        const shown = sum(by.map((one) => one.tax + one.taxIncluded));
        expect(sums.tax?.amount ?? 0).toBe(shown);
        const added = sums.tax && !sums.tax.included ? sums.tax.amount : 0;
        expect(sums.total).toBe(sums.subtotal - sums.discount + sum(sums.fees.map((fee) => fee.amount)) + added);
      })
    );
  });

  it('adds up as it is written too, in currencies of no, two and three decimals', () => {
    fc.assert(
      fc.property(history, wanted, fc.constantFrom('JPY', 'EUR', 'KWD'), (moments, seats, currency) => {
        const { total, seats: by } = priced(quoteSince(seats, asShow(moments), 1, null));
        const read = by.map((one) => parseAmount(amountText(one.amount, currency), currency) ?? Number.NaN);
        expect(read.reduce((all, one) => all + one, 0)).toBe(parseAmount(amountText(total, currency), currency));
      })
    );
  });
});

describe('ticket types', () => {
  const adult = { id: 'adult', name: 'Adult', share: 10_000 };
  const child = { id: 'child', name: 'Child', share: 5000 };
  const bare = { fees: [], tax: null };
  const show = asShow([
    { price: 1000, pricing: { ticketTypes: [adult, child], ...bare } },
    { price: 1000, pricing: { ticketTypes: [adult], ...bare } }
  ]);
  const seat: WantedSeat = { seat: 3, tier: 'stalls', type: 'child' };

  it('that are gone can still be had by who was shown them, and by nobody else', () => {
    expect(typesSince(show, 1).map(({ id }) => id)).toEqual(['adult', 'child']);
    expect(priced(quoteSince([seat], show, 1, null)).total).toBe(500);
    expect(typesSince(show, 2)).toEqual([adult]);
    expect(quoteSince([seat], show, 2, null)).toEqual({ unknownType: 3 });
    expect(quoteSince([seat], show, undefined, null)).toEqual({ unknownType: 3 });
  });

  it('that came later cost no more than the tier did while there were none', () => {
    const dearer = { id: 'adult', name: 'Adult', share: 15_000 };
    const later = asShow([
      { price: 1000, pricing: { ticketTypes: [], ...bare } },
      { price: 1000, pricing: { ticketTypes: [dearer], ...bare } }
    ]);
    expect(priced(quoteSince([{ ...seat, type: null }], later, 1, null)).total).toBe(1000);
    expect(priced(quoteSince([{ ...seat, type: null }], later, undefined, null)).total).toBe(1500);
  });

  it('have the first one until somebody chooses', () => {
    expect(priced(quoteSince([{ ...seat, type: null }], show, undefined, null)).seats[0]?.type).toEqual(adult);
  });
});
