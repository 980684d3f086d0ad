import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { totalOf } from './price.ts';

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
