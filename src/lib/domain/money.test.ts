import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amountText, parseAmount } from './money.ts';

describe('a price that somebody types', () => {
  it('is minor units of its currency', () => {
    expect(parseAmount('24.5', 'EUR')).toBe(2450);
    expect(parseAmount(' 24,05 ', 'EUR')).toBe(2405);
    expect(parseAmount('2400', 'JPY')).toBe(2400);
    expect(parseAmount('1.234', 'KWD')).toBe(1234);
    expect(parseAmount('0', 'EUR')).toBe(0);
  });

  it.each(['', '-1', '1.234', '1e3', 'free', '1.', '1234567890123', '1 000', '0x10'])(
    '%s euros are no price',
    (typed) => expect(parseAmount(typed, 'EUR')).toBeNull()
  );

  it('comes back as it was, to the smallest coin', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e11 }), fc.constantFrom('EUR', 'JPY', 'KWD'), (amount, currency) => {
        expect(parseAmount(amountText(amount, currency), currency)).toBe(amount);
      })
    );
  });
});
