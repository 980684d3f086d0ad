import type { HoldId, UserId } from '#domain/ids.ts';
import { isRefusal } from '#domain/refusal.ts';
import type { SeatIndex } from '#domain/seat-map.ts';
import { buyerOfUser } from '../accounts/buyer-token.ts';
import { Rollback } from '../db/database.ts';
import type { Seats } from '../seats/seats.ts';

/** What is paid for after its time was over: the seats of a booking, or those it was to be moved to. */
export interface LateSeats {
  hold: HoldId;
  user: UserId;
  seats: readonly SeatIndex[];
  plan: string;
}

/**
 * Nobody who pays too late takes a seat out of another's hands: the seats are leased once more under their own hold, all
 * of them or none, before Postgres sells them. False when somebody holds or has one of them.
 * Asked inside the transaction that settles, under the lock of the booking: so the work that follows an expired booking
 * (jobs/sync-seats.ts) cannot end the lease in between. While Redis is away the transaction is rolled back with BUSY.
 */
export type ClaimLate = (late: LateSeats) => Promise<boolean>;

/** Long enough for the commit and for the work that makes the seats booked (ms); a lease that nothing follows ends then. */
const CLAIM_MS = 60_000;

export function createClaimLate(seats: Pick<Seats, 'leaseForMove'>): ClaimLate {
  return async ({ hold, user, seats: wanted, plan }) => {
    const lease = await seats.leaseForMove(hold, buyerOfUser(user), wanted, plan, CLAIM_MS);
    if (isRefusal(lease)) {
      if (lease.code === 'BUSY') throw new Rollback(lease);
      return false;
    }
    // One that still stands may have lost seats meanwhile.
    return wanted.every((seat) => lease.seats.includes(seat));
  };
}

/** For what is settled in the very transaction that takes the seats. */
export const inTime: ClaimLate = () => Promise.reject(new Error('nothing is late that has just begun'));
