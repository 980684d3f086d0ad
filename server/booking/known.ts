import type { HoldId, UserId } from '#domain/ids.ts';
import { refuse, type Refusal } from '#domain/refusal.ts';
import type { Sql } from '../db/database.ts';

/** A booking that this checkout has made already, found by its key or by its hold. */
export interface Known {
  bookingId: string;
  /** Found by the hold under another key: the buyer asks anew, so a failed payment may be tried again. */
  askedAnew: boolean;
}

/**
 * Looks whether this request, or another one for the same hold, has made a booking. Null when not.
 * Refuses IDEMPOTENCY_CONFLICT (the key was used for something else), HOLD_EXPIRED (that booking is over).
 */
export async function findKnown(
  sql: Sql,
  request: { user: UserId; hold: HoldId; key: string; requestHash: string }
): Promise<Known | Refusal | null> {
  const found = await sql.query<{ id: string; by_key: boolean; request_hash: string; status: string }>(
    `select id, idempotency_key = $2 as by_key, request_hash, status from booking
      where user_id = $1 and (idempotency_key = $2 or hold_id = $3) order by by_key desc`,
    [request.user, request.key, request.hold]
  );
  const [booking] = found.rows;
  if (!booking) return null;
  if (!booking.by_key) {
    if (booking.status === 'PENDING' || booking.status === 'CONFIRMED')
      return { bookingId: booking.id, askedAnew: true };
    return refuse('HOLD_EXPIRED', 'This booking is over and its seats are on sale again. Please choose once more.');
  }
  if (booking.request_hash === request.requestHash) return { bookingId: booking.id, askedAnew: false };
  return refuse('IDEMPOTENCY_CONFLICT', 'This Idempotency-Key was used for another request.');
}
