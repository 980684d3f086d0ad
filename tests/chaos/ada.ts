import type { Op, OpOf } from './history.ts';

/** A run in which Ada held seat 1, booked it and was told so. What the checker must find is this, changed. */
export const T = 1_700_000_000_000;
export const SEAT = 1;
export const hold = (buyer: string, id: string, at: number, seats = [SEAT], request = `r-${id}`): OpOf<'hold'> => ({
  ...{ op: 'hold', buyer, request, seats, at, done: at + 10, outcome: 'ok' },
  got: { hold: id, seats, deadline: at + 8000 }
});
export const book = (
  buyer: string,
  of: string,
  id: string,
  at: number,
  key = `k-${id}`,
  seats = [SEAT]
): OpOf<'book'> => ({
  ...{ op: 'book', buyer, key, hold: of, seats, at, done: at + 20, outcome: 'ok' },
  got: { booking: id, seats, total: 2500, expires: at + 12_000 }
});
export const look = (of: string, id: string, at: number, seats = [SEAT]): OpOf<'look'> => ({
  ...{ op: 'look', buyer: 'ada', booking: id, hold: of, at, done: at + 5, outcome: 'ok' },
  got: { status: 'CONFIRMED', seats, total: 2500 }
});
export const ADA: Op[] = [hold('ada', 'h1', T), book('ada', 'h1', 'b1', T + 1000), look('h1', 'b1', T + 2000)];
export const STORED = { id: 'b1', hold: 'h1', status: 'CONFIRMED', total: 2500, confirmed: true, seats: [SEAT] };
