import type { UserId } from '#domain/ids.ts';
import type { SeatIndex } from '#domain/seat-map.ts';
import type { Sql } from '../db/database.ts';

/** Money that goes back, as organizers see it. Amounts are minor units, times are RFC 3339. */
export interface RefundView {
  id: string;
  bookingId: string;
  amount: number;
  currency: string;
  reason: string;
  /** The seats given back; null: all that were left, so the booking is over. */
  seats: SeatIndex[] | null;
  status: 'PENDING' | 'DONE' | 'FAILED';
  /** Null: Fullhouse itself, because a payment came too late. */
  requestedBy: UserId | null;
  /** The refund that could not bear all of it: a booking that was moved to dearer seats was paid for in parts. */
  partOf: string | null;
  createdAt: string;
  settledAt: string | null;
  /** How often the gateway was asked, and why it is not done yet. */
  attempts: number;
  error: string | null;
}

type Row = Omit<RefundView, 'createdAt' | 'settledAt'> & { createdAt: Date; settledAt: Date | null };

const REFUND = `select id, booking_id as "bookingId", amount, currency, reason, seats, status, attempts, error,
  requested_by as "requestedBy", part_of as "partOf", created_at as "createdAt", settled_at as "settledAt" from refund`;

const toRefund = ({ createdAt, settledAt, ...row }: Row): RefundView => ({
  ...row,
  createdAt: createdAt.toISOString(),
  settledAt: settledAt?.toISOString() ?? null
});

/** All refunds of a booking, the oldest first. */
export async function readRefunds(sql: Sql, bookingId: string): Promise<RefundView[]> {
  const found = await sql.query<Row>(`${REFUND} where booking_id = $1 order by created_at, id`, [bookingId]);
  return found.rows.map(toRefund);
}

export async function readRefund(sql: Sql, id: string): Promise<RefundView | null> {
  const found = await sql.query<Row>(`${REFUND} where id = $1`, [id]);
  return found.rows[0] ? toRefund(found.rows[0]) : null;
}
