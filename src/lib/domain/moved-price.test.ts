import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chargeMoved, chargesAfter, pricedAsCharged, pricedBy, waive, type ChargedSeat } from './moved-price.ts';
import { quote, type Quote, type Terms, type TicketType } from './quote.ts';

const charge = ({ type, tierPrice, price, discount, fees, tax, taxIncluded, amount }: Quote['seats'][number]) =>
  ({
    ...{ ticketType: type?.name ?? null, tierPrice: type ? tierPrice : null, basePrice: price, discount },
    ...{ fees, tax, taxIncluded, price: amount }
  }) satisfies ChargedSeat;
const chargesOf = ({ fees, tax }: Quote) => [
  ...fees.map((fee) => ({ kind: 'fee' as const, ...fee })),
  ...(tax ? [{ kind: tax.included ? ('tax included' as const) : ('tax' as const), ...tax }] : [])
];
const total = (seats: readonly ChargedSeat[]) => seats.reduce((sum, { price }) => sum + price, 0);

const money = fc.integer({ min: 0, max: 500_000 });
const share = fc.integer({ min: 0, max: 10_000 });
const type: fc.Arbitrary<TicketType | null> = fc.oneof(
  fc.constant(null),
  fc.record({ id: fc.constant('child'), name: fc.constant('Child'), share }),
  fc.record({ id: fc.constant('senior'), name: fc.constant('Senior'), price: money })
);
const fee = fc.record({
  ...{ name: fc.constantFrom('Booking fee', 'Theatre levy', 'Service'), perTicket: money, share, perBooking: money }
});
const terms: fc.Arbitrary<Terms> = fc.record({
  fees: fc.uniqueArray(fee, { maxLength: 3, selector: ({ name }) => name }),
  tax: fc.option(fc.record({ name: fc.constant('VAT'), share, included: fc.boolean() })),
  promo: fc.option(
    fc.oneof(
      fc.record({ code: fc.constant('TEN'), share }),
      fc.record({ code: fc.constant('OFF'), amount: fc.integer({ min: 1, max: 900_000 }) })
    )
  )
});
/** A booking, and for each of its seats the price of the tier that it is moved to; undefined: it stays. */
const moves = fc.array(fc.tuple(money, type, fc.option(money, { nil: undefined })), { minLength: 1, maxLength: 6 });

function move(wanted: [number, TicketType | null, number | undefined][], by: Terms) {
  const first = quote(
    wanted.map(([price, type], seat) => ({ seat, price, type })),
    by
  );
  const frozen = pricedBy(first, by);
  const before = first.seats.map(charge);
  const after = before.map((seat, n) => {
    const tier = wanted[n]?.[2];
    return tier === undefined ? seat : chargeMoved(seat, tier, frozen);
  });
  return { first, frozen, before, after };
}

const wholeAndSane = (seat: ChargedSeat) => {
  expect(seat.price).toBe(seat.basePrice - seat.discount + seat.fees + seat.tax);
  for (const part of [seat.discount, seat.fees, seat.tax, seat.taxIncluded, seat.price])
    expect(part).toBeGreaterThanOrEqual(0);
  expect(seat.basePrice).toBeGreaterThanOrEqual(seat.discount);
  expect(seat.price).toBeGreaterThanOrEqual(seat.taxIncluded);
};

describe('a seat in the place of another one', () => {
  it('costs what the other did where their tiers cost the same, to the last part', () => {
    fc.assert(
      fc.property(moves, terms, (wanted, by) => {
        const { before, frozen } = move(wanted, by);
        before.forEach((seat, n) => expect(chargeMoved(seat, wanted[n]?.[0] ?? 0, frozen)).toEqual(seat));
      })
    );
  });

  it('has parts that add up, and the receipt of its booking does too', () => {
    fc.assert(
      fc.property(moves, terms, (wanted, by) => {
        const { first, frozen, before, after } = move(wanted, by);
        after.forEach(wholeAndSane);
        const moved = before.map((was, n) => ({ was, is: after[n] ?? was }));
        const charges = chargesAfter(chargesOf(first), moved, after, frozen);
        const added = charges
          .filter(({ kind }) => kind !== 'tax included')
          .reduce((sum, { amount }) => sum + amount, 0);
        const seats = after.reduce((sum, { basePrice, discount }) => sum + basePrice - discount, 0);
        expect(seats + added).toBe(total(after));
      })
    );
  });

  it('keeps its ticket type, the code, and its part of a fee for the booking', () => {
    const child = { id: 'child', name: 'Child', share: 5000 };
    const by: Terms = {
      fees: [{ name: 'Booking fee', perTicket: 100, share: 1000, perBooking: 400 }],
      ...{ tax: { name: 'VAT', share: 2000, included: false }, promo: { code: 'TEN', share: 1000 } }
    };
    const { after, first, frozen, before } = move(
      [
        [4000, child, 8000],
        [4000, null, undefined]
      ],
      by
    );
    // 4,000 for a child − 10 %: 3,600, + 1.00 + 10 % + what was its part of the 4.00 (133), + 20 %.
    const fees = 100 + 360 + 133;
    expect(after[0]).toEqual({
      ...{ ticketType: 'Child', tierPrice: 8000, basePrice: 4000, discount: 400, fees, taxIncluded: 0 },
      ...{ tax: 839, price: 3600 + fees + 839 }
    });
    expect(after[1]).toBe(before[1]);
    const charges = chargesAfter(
      chargesOf(first),
      before.map((was, n) => ({ was, is: after[n] ?? was })),
      after,
      frozen
    );
    expect(charges.map(({ name }) => name)).toEqual(['Booking fee', 'VAT']);
  });

  it('of a booking that does not say what it was priced by pays the fees it paid, and the tax it paid on average', () => {
    const seat: ChargedSeat = {
      ...{ ticketType: null, tierPrice: null, basePrice: 1000, discount: 0, fees: 50, tax: 0, taxIncluded: 175 },
      price: 1050
    };
    const by = pricedAsCharged([seat], [{ kind: 'tax included', name: 'VAT', amount: 175 }]);
    expect(by.tax).toEqual({ name: 'VAT', share: 2000, included: true });
    expect(chargeMoved(seat, 2350, by)).toMatchObject({ basePrice: 2350, fees: 50, price: 2400, taxIncluded: 400 });
  });
});

describe('waiving', () => {
  it('takes off exactly the amount, and leaves every part whole', () => {
    fc.assert(
      fc.property(moves, terms, fc.double({ min: 0, max: 1, noNaN: true }), (wanted, by, part) => {
        const { after } = move(wanted, by);
        const amount = Math.floor(total(after) * part);
        const less = waive(after, amount);
        less.forEach(wholeAndSane);
        expect(total(less)).toBe(total(after) - amount);
      })
    );
  });
});
