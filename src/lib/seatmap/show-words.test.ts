import { expect, test } from 'vitest';
import { timeLeft } from './show-words.ts';

test('time is told as one says it', () => {
  expect(timeLeft(598_000)).toBe('9 minutes 58 seconds');
  expect(timeLeft(60_000)).toBe('1 minute');
  expect(timeLeft(61_400)).toBe('1 minute 1 second');
  expect(timeLeft(30_000)).toBe('30 seconds');
  expect(timeLeft(-5)).toBe('no time');
});
