import { expect, test } from 'vitest';
import { LabelRoom, widthOf } from './label-room.ts';

test('words that would touch others find no room, and take none', () => {
  const room = new LabelRoom();
  expect(room.take(100, 100, 30, 14)).toBe(true);
  expect(room.take(120, 105, 30, 14)).toBe(false);
  expect(room.take(135, 105, 20, 14), 'what found no room is in nobody’s way').toBe(true);
  expect(room.take(100, 115, 30, 14), 'below').toBe(true);
});

test('longer words are wider', () => {
  expect(widthOf('Upper tier 128', 13)).toBeGreaterThan(2 * widthOf('128', 13));
});
