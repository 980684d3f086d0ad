import type { HoldId } from '#domain/ids.ts';
import { expireBooking, expireOverdue } from '../booking/expiry.ts';
import { expireMove, expireOverdueMoves } from '../booking/paid-move-rows.ts';
import type { JobParts } from './parts.ts';

/**
 * Ends bookings, and moves to dearer seats, whose time to pay is over, and gives their seats back at once where Redis can be asked.
 * The outbox row that each leaves (seats.sync) does it for certain.
 */
export async function expireBookings({ db, seats, log }: Pick<JobParts, 'db' | 'seats' | 'log'>): Promise<number> {
  const released = await expireOverdue(db);
  await endHolds(seats, released);
  if (released.length > 0) log.info({ bookings: released.length }, 'bookings expired');
  const moves = await expireOverdueMoves(db);
  await endHolds(seats, moves);
  if (moves.length > 0) log.info({ moves: moves.length }, 'moves were not paid for in time');
  return released.length + moves.length;
}

export async function expireOneBooking(
  { db, seats }: Pick<JobParts, 'db' | 'seats'>,
  bookingId: string
): Promise<void> {
  const released = await expireBooking(db, bookingId);
  if (released) await endHolds(seats, [released]);
}

export async function expireOneMove({ db, seats }: Pick<JobParts, 'db' | 'seats'>, moveId: string): Promise<void> {
  const ended = await expireMove(db, moveId);
  if (ended) await endHolds(seats, [ended]);
}

async function endHolds(seats: JobParts['seats'], released: readonly { hold_id: HoldId }[]): Promise<void> {
  for (const { hold_id } of released) await seats.endHold(hold_id);
}
