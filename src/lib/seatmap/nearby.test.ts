import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { generatePlan } from '#domain/generate-plan.ts';
import { layOut } from '#domain/plan-layout.ts';
import { encodeSeats, newSeatMap, type SeatStateName } from '#domain/seat-map.ts';
import { ShownCopy } from '../rehearsal/shown-copy.svelte.ts';
import { House } from './house.ts';
import { Nearby, rowInWords } from './nearby.svelte.ts';

const CAPACITY = 120;
const house = new House(layOut(generatePlan(CAPACITY)), []);
const [row, behind] = house.plan.rows;
let show: ShownCopy;
let near: Nearby;

beforeEach(() => {
  vi.useFakeTimers();
  show = new ShownCopy(CAPACITY);
  show.live.snapshot({ epoch: 1, version: 0, capacity: CAPACITY, map: newSeatMap(CAPACITY) });
  near = new Nearby(house, show);
});
afterEach(() => {
  near.close();
  vi.useRealTimers();
});

function change(state: SeatStateName, seats: number[]) {
  const { epoch, version } = show.live;
  show.live.frame({ showId: 'abcdefghijkl', epoch, from: version, to: version + 1, [state]: encodeSeats(seats) });
}

test('a row is told of in words', () => {
  expect(rowInWords(house, show, 3)).toBe('Row A: 12 left');
  change('held', [0, 1, 2]);
  change('booked', [3, 4, 5, 6, 7]);
  expect(rowInWords(house, show, 3)).toBe('Row A: 4 left');
  change('held', [8, 9, 10, 11]);
  expect(rowInWords(house, show, 3)).toBe('Row A: none left');
});

test('what changes in the row that the keyboard is in is said after a while, once', () => {
  near.at(row?.first ?? 0);
  change('held', [1]);
  change('held', [2]);
  change('held', [3]);
  expect(near.said).toBe('');
  vi.advanceTimersByTime(3000);
  expect(near.said).toBe('Row A: 9 left');
});

test('other rows, and seats that come back at once, are not worth a word', () => {
  near.at(row?.first ?? 0);
  change('held', [behind?.first ?? 0]);
  change('held', [5]);
  change('available', [5]);
  vi.advanceTimersByTime(10_000);
  expect(near.said).toBe('');
});

test('nothing is said to somebody who has left the map', () => {
  near.at(row?.first ?? 0);
  change('held', [5]);
  near.at(null);
  vi.advanceTimersByTime(10_000);
  expect(near.said).toBe('');
});
