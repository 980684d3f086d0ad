import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { priceSince, totalOf, type EarlierPrice } from './price.ts';

describe('the total of a booking', () => {
  it('is the sum of its seats, in any order', () => {
    const prices = fc.array(fc.integer({ min: 0, max: 10_000_000 }), { maxLength: 50 });
    fc.assert(
      fc.property(prices, (list) => {
        const total = totalOf(list);
        expect(total).toBe(list.reduce((sum, price) => sum + price, 0));
        expect(totalOf([...list].reverse())).toBe(total);
        expect(total).toBeGreaterThanOrEqual(0);
      })
    );
  });

  it('refuses what is no amount of minor units', () => {
    for (const price of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => totalOf([price])).toThrow(RangeError);
  });

  it('refuses a sum that would lose a cent', () => {
    expect(() => totalOf([Number.MAX_SAFE_INTEGER, 1])).toThrow(RangeError);
  });
});

describe('a seat that is held while its price changes', () => {
  const amount = fc.integer({ min: 0, max: 100_000 });
  /** A price for each of the show's terms, the last one is today's. */
  const history = fc.array(amount, { minLength: 1, maxLength: 12 });
  const told = (prices: readonly number[]) => ({
    now: { tier: 'stalls', price: prices.at(-1) ?? 0 },
    earlier: prices.slice(0, -1).flatMap((price, n): EarlierPrice[] => [
      { terms: n + 1, tier: 'stalls', price },
      { terms: n + 1, tier: 'balcony', price: 0 }
    ])
  });

  it('never costs more than it did at any moment since it was held, and no less than the least of them', () => {
    fc.assert(
      fc.property(history, fc.nat(11), (prices, n) => {
        const held = n % prices.length;
        const { now, earlier } = told(prices);
        expect(priceSince(now, earlier, held + 1)).toBe(Math.min(...prices.slice(held)));
      })
    );
  });

  it('costs what it costs today when it is held only now, or by nobody, whatever it cost before', () => {
    fc.assert(
      fc.property(history, (prices) => {
        const { now, earlier } = told(prices);
        expect(priceSince(now, earlier, prices.length)).toBe(now.price);
        expect(priceSince(now, earlier, undefined)).toBe(now.price);
      })
    );
  });
});
