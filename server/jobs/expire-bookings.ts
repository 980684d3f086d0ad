import { expireBooking, expireOverdue, type Released } from '../booking/expiry.ts';
import type { JobParts } from './parts.ts';

/**
 * Ends bookings whose time to pay is over, and gives their seats back at once where Redis can be asked.
 * The outbox row that each leaves (seats.sync) does it for certain.
 */
export async function expireBookings({ db, seats, log }: Pick<JobParts, 'db' | 'seats' | 'log'>): Promise<number> {
  const released = await expireOverdue(db);
  await endHolds(seats, released);
  if (released.length > 0) log.info({ bookings: released.length }, 'bookings expired');
  return released.length;
}

export async function expireOneBooking(
  { db, seats }: Pick<JobParts, 'db' | 'seats'>,
  bookingId: string
): Promise<void> {
  const released = await expireBooking(db, bookingId);
  if (released) await endHolds(seats, [released]);
}

async function endHolds(seats: JobParts['seats'], released: readonly Released[]): Promise<void> {
  for (const { hold_id } of released) await seats.endHold(hold_id);
}
