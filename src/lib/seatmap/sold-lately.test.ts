import { expect, test } from 'vitest';
import { SoldLately } from './sold-lately.ts';

test('what was sold in the last minute counts, and nothing older', () => {
  const lately = new SoldLately();
  lately.sold(3, 0);
  lately.sold(2, 4000);
  lately.sold(5, 30_000);
  expect(lately.lastMinute(30_000)).toBe(10);
  expect(lately.lastMinute(60_000)).toBe(5);
  expect(lately.lastMinute(90_000)).toBe(0);
});
