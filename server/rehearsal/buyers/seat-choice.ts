import { SeatState, seatState } from '#domain/seat-map.ts';
import { between, type Random } from './random.ts';

/** Where people click: nearer to the front more often, so that they do get in each other's way. */
const FRONT = 1.6;

/** One available seat, or any when the map shows none: then the server says so. */
export function oneSeat(map: Uint8Array, capacity: number, random: Random): number {
  const wished = Math.min(capacity - 1, Math.floor(capacity * random() ** FRONT));
  for (let step = 0; step < capacity; step++) {
    const seat = (wished + step) % capacity;
    if (seatState(map, seat) === SeatState.available) return seat;
  }
  return wished;
}

/** `count` neighbours of one row that are all available; those at a random place when a few tries find none. */
export function neighbours(
  map: Uint8Array,
  rows: readonly { first: number; count: number }[],
  count: number,
  random: Random
): number[] {
  const wide = rows.filter((row) => row.count >= count);
  const TRIES = 60;
  let seats: number[] = [];
  for (let tried = 0; tried < TRIES && wide.length > 0; tried++) {
    const row = wide[Math.floor(wide.length * random() ** FRONT)];
    if (!row) break;
    const first = row.first + between(random, 0, row.count - count);
    seats = Array.from({ length: count }, (_, n) => first + n);
    if (seats.every((seat) => seatState(map, seat) === SeatState.available)) break;
  }
  return seats;
}
