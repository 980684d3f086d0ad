import { expect, test } from 'vitest';
import { detailOf, NUMBERS_FROM, PRESS_FROM } from './detail.ts';

test('from afar sections are one piece with their names and counts', () => {
  expect(detailOf(0.8)).toMatchObject({
    seats: false,
    plates: true,
    names: false,
    rows: false,
    numbers: false
  });
});

test('a press means a seat only where seats are seen', () => {
  expect(detailOf(PRESS_FROM).seats).toBe(true);
});

test('a section has its name in one place, at every scale where it has one', () => {
  for (let scale = 0.2; scale < 46; scale += 0.1) {
    const { plates, names } = detailOf(scale);
    expect(plates && names).toBe(false);
    if (scale < 29) expect(plates || names).toBe(true);
  }
});

test('the nearest seats carry their numbers, and rows their letters before that', () => {
  expect(detailOf(NUMBERS_FROM)).toMatchObject({ seats: true, round: true, rows: true, numbers: true });
  expect(detailOf(12)).toMatchObject({ rows: true, numbers: false });
});
