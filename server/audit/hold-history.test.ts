import { expect, test } from 'vitest';
import type { AckLine } from './acks.ts';
import { overlaps } from './hold-history.ts';

const DEADLINE = 600_000;
const hold = (id: string, sent: number, acked: number, seats = [4]): AckLine => ({
  ...{ what: 'hold', hold: id, buyer: `buyer of ${id}`, seats, sent, acked, deadline: DEADLINE }
});
const release = (id: string, sent: number, seats = [4]): AckLine => ({ what: 'release', hold: id, seats, sent });
const booking = (id: string) => ({ booking: `booking of ${id}`, hold: id, seats: [4], total: 1 });
const pending = (id: string): AckLine => ({ what: 'pending', ...booking(id), expires: DEADLINE + 100_000 });
const confirmed = (id: string, seen = DEADLINE): AckLine => ({ what: 'confirmed', ...booking(id), seen });
const pairs = (...acks: AckLine[]) => overlaps(acks).map(({ seat, first, second }) => [seat, first.hold, second.hold]);

test('one buyer after another may have a seat', () => {
  expect(pairs(hold('A', 0, 10), release('A', 100), hold('B', 101, 110))).toEqual([]);
  expect(pairs(hold('A', 0, 10), hold('B', DEADLINE, DEADLINE + 10))).toEqual([]);
});

test('two who were told that they have it at once', () => {
  expect(pairs(hold('A', 0, 10), hold('B', 20, 30))).toEqual([[4, 'A', 'B']]);
});

test('what may have happened in the other order is no proof', () => {
  // B asked before A was answered; and A asked to let go before B was answered.
  expect(pairs(hold('A', 0, 10), hold('B', 5, 30))).toEqual([]);
  expect(pairs(hold('A', 0, 10), release('A', 25), hold('B', 20, 30))).toEqual([]);
});

test('a booking keeps its seats until its time to pay is over, and for ever once it is confirmed', () => {
  const at = (time: number) => hold('B', time, time + 10);
  expect(pairs(hold('A', 0, 10), pending('A'), at(DEADLINE + 10_000))).toEqual([[4, 'A', 'B']]);
  expect(pairs(hold('A', 0, 10), pending('A'), at(DEADLINE + 200_000))).toEqual([]);
  expect(pairs(hold('A', 0, 10), pending('A'), confirmed('A'), at(DEADLINE + 200_000))).toEqual([[4, 'A', 'B']]);
});

test('a booking that is paid for too late has its seats again from then on, and not in between', () => {
  const late = [hold('A', 0, 10), pending('A'), confirmed('A', DEADLINE + 200_000)];
  expect(pairs(...late, hold('B', DEADLINE + 150_000, DEADLINE + 150_010), release('B', DEADLINE + 150_020))).toEqual(
    []
  );
  expect(pairs(...late, hold('B', DEADLINE + 10_000, DEADLINE + 10_010))).toEqual([[4, 'A', 'B']]);
  expect(pairs(...late, hold('B', DEADLINE + 200_001, DEADLINE + 200_010))).toEqual([[4, 'A', 'B']]);
});

test('a hold that is clicked into again, or answered twice, is one hold; other seats are another matter', () => {
  expect(pairs(hold('A', 0, 10), hold('A', 20, 30), hold('B', 20, 30, [5]))).toEqual([]);
});

test('the longest of the earlier holds is the one that counts', () => {
  expect(pairs(hold('A', 0, 10), hold('B', 5, 12), release('B', 20), hold('C', 30, 40))).toEqual([[4, 'A', 'C']]);
});
