import { expect, test } from 'vitest';
import { newSeatMap, setSeatState, type SeatState } from '#domain/seat-map.ts';
import { parseEntry } from '../seats/fold.ts';
import { replay } from './seat-log.ts';

const EPOCH = 7;
/** `log('1 4,5 hold A u_1', …)` from version 1 on. */
const log = (...texts: string[]) => texts.map((text, n) => parseEntry([`${EPOCH}-${n + 1}`, ['e', `${text} 0`]]));

function mapOf(seats: Record<number, SeatState>) {
  const map = newSeatMap(16);
  for (const [seat, state] of Object.entries(seats)) setSeatState(map, Number(seat), state);
  return map;
}
const problems = (entries: ReturnType<typeof log>, seats: Record<number, SeatState>, version = entries.length) =>
  replay(entries, { epoch: EPOCH, version, map: mapOf(seats) }).map(({ problem, seat }) => [problem, seat]);

test('a sale as it goes: held, let go, held again, booked, given back, blocked', () => {
  const sale = log(
    ...['1 4,5 hold A u_1', '0 5 release A u_1', '1 5 hold B u_2', '2 4 book A u_1', '0 5 expire B u_2'],
    ...['0 4 free  u_1', '3 4 block  ', '0 4 unblock  ', '1 4 hold C u_3', '3 4 revoke C u_3']
  );
  expect(problems(sale, { 4: 3 })).toEqual([]);
});

test('a seat that was held is held by somebody else', () => {
  expect(problems(log('1 4 hold A u_1', '1 4 hold B u_2'), { 4: 1 })).toEqual([['the seat was held', 4]]);
});

test('a seat is booked, or let go, by a hold that it was not in', () => {
  expect(problems(log('1 4 hold A u_1', '2 4 book B u_2'), { 4: 2 })).toEqual([['the seat was held by hold A', 4]]);
  expect(problems(log('1 4 hold A u_1', '0 4 expire B u_2'), {})).toEqual([['the seat was held by hold A', 4]]);
});

test('a booked seat is held, or blocked', () => {
  const sold = ['1 4 hold A u_1', '2 4 book A u_1'];
  expect(problems(log(...sold, '1 4 hold B u_2'), { 4: 1 })).toEqual([['the seat was booked', 4]]);
  expect(problems(log(...sold, '3 4 block  '), { 4: 3 })).toEqual([['the seat was booked', 4]]);
});

test('mending follows Postgres from any state', () => {
  expect(problems(log('1 4 hold A u_1', '2 4 lost A u_1', '0 4 mend  '), {})).toEqual([]);
});

test('the first entry of a seat is believed: the map that an epoch starts from is not in the log', () => {
  expect(problems(log('2 4 book A u_1', '0 9 free  u_1'), { 4: 2 })).toEqual([]);
});

test('an entry is missing, of another epoch, or not the last', () => {
  const [first, , third] = log('1 4 hold A u_1', '1 5 hold B u_2', '1 6 hold C u_3');
  if (!first || !third) throw new Error('three entries were made');
  expect(problems([first, third], { 4: 1, 6: 1 }, 3)).toEqual([['comes after version 1', null]]);
  expect(problems([{ ...first, epoch: 6 }], { 4: 1 }, 1)).toEqual([['belongs to epoch 6, and the map to 7', null]]);
  expect(problems([first], { 4: 1 }, 2)).toEqual([['is the last, and the map is at version 2', null]]);
});

test('the map says something else than the log ends with', () => {
  expect(problems(log('1 4 hold A u_1'), {})).toEqual([['the log ends with held, and the map says available', 4]]);
});
