import { expect, test } from 'vitest';
import { Pace } from './pace.ts';

test('what was sold in the last minute counts, and nothing older', () => {
  const pace = new Pace();
  pace.sold(3, 0);
  pace.sold(2, 4000);
  pace.sold(5, 30_000);
  expect(pace.lastMinute(30_000)).toBe(10);
  expect(pace.lastMinute(60_000)).toBe(5);
  expect(pace.lastMinute(90_000)).toBe(0);
});
