import * as m from '#domain/messages/compiled/refusals.js';
import type { HoldId, UserId } from '#domain/ids.ts';
import { formatMoney } from '#domain/money.ts';
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
 * Refuses IDEMPOTENCY_CONFLICT (the key was used for something else), HOLD_EXPIRED (that booking is over), PRICE_CHANGED
 * (the buyer now expects another total than it has).
 */
export async function findKnown(
  sql: Sql,
  request: { user: UserId; hold: HoldId; key: string; requestHash: string; expectedTotal?: number | undefined }
): Promise<Known | Refusal | null> {
  const found = await sql.query<KnownRow>(
    `select id, idempotency_key = $2 as by_key, request_hash, status, total, currency from booking
      where user_id = $1 and (idempotency_key = $2 or hold_id = $3) order by by_key desc`,
    [request.user, request.key, request.hold]
  );
  const [booking] = found.rows;
  if (!booking) return null;
  if (!booking.by_key) {
    if (booking.status === 'PENDING' || booking.status === 'CONFIRMED') {
      const as = request.expectedTotal ?? booking.total;
      return as === booking.total ? { bookingId: booking.id, askedAnew: true } : pricedOtherwise(booking);
    }
    return refuse('HOLD_EXPIRED', m.booking_over());
  }
  if (booking.request_hash === request.requestHash) return { bookingId: booking.id, askedAnew: false };
  return refuse('IDEMPOTENCY_CONFLICT', 'This Idempotency-Key was used for another request.');
}

interface KnownRow {
  id: string;
  by_key: boolean;
  request_hash: string;
  status: string;
  total: number;
  currency: string;
}

const pricedOtherwise = ({ id, total, currency }: KnownRow): Refusal =>
  refuse('PRICE_CHANGED', m.booked_already({ sum: formatMoney({ amount: total, currency }) }), {
    bookingId: id,
    total,
    currency
  });
