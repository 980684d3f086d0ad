import { randomUUID } from 'node:crypto';
import type { UserId } from '#domain/ids.ts';
import type { SeatIndex } from '#domain/seat-map.ts';
import type { Sql } from '../db/database.ts';
import { enqueue } from './outbox.ts';

/** Which payment of a booking gives money back: it has one, and another for each move to dearer seats that was paid for. */
/** A payment that succeeded. */
export interface Paid {
  id: string;
  booking_id: string;
  currency: string;
  /** What has not gone back yet, and is not on its way. */
  left: number;
}
export const leftOf = (paid: readonly Paid[]) => paid.reduce((sum, { left }) => sum + left, 0);

/** The payment of the booking and those of its paid moves. */
export async function lockPaid(sql: Sql, bookingId: string): Promise<Paid[]> {
  const found = await sql.query<Paid>(
    `select id, booking_id, currency, amount as left from payment
      where booking_id = $1 and status in ('SUCCESS', 'REFUNDED') order by move_id is not null, created_at, id for update`,
    [bookingId]
  );
  const given = await sql.query<{ id: string; sum: number }>(
    'select payment_id as id, sum(amount)::bigint as sum from refund where booking_id = $1 group by payment_id',
    [bookingId]
  );
  const gone = new Map(given.rows.map(({ id, sum }) => [id, sum]));
  return found.rows.map((payment) => ({ ...payment, left: payment.left - (gone.get(payment.id) ?? 0) }));
}

/** The booking stays, and costs less than was paid for it: the difference goes back. The caller has locked the booking. */
export async function giveDifference(
  sql: Sql,
  bookingId: string,
  what: { amount: number; reason: string; by: UserId; seats: readonly SeatIndex[]; moveId: string }
): Promise<string> {
  const paid = await lockPaid(sql, bookingId);
  if (leftOf(paid) < what.amount) throw new Error(`booking ${bookingId} was not paid for so much`);
  return owe(sql, paid, what);
}

/** A difference was paid, and the move could not be made: all of it goes back. The caller has locked the booking. */
export async function giveBackDifference(
  sql: Sql,
  paymentId: string,
  what: { reason: string; seats: readonly SeatIndex[]; paidMoveId: string }
): Promise<void> {
  const found = await sql.query<Paid>(
    `select id, booking_id, currency, amount as left from payment where id = $1 and status = 'SUCCESS' for update`,
    [paymentId]
  );
  const [payment] = found.rows;
  if (!payment) throw new Error(`payment ${paymentId} was not made`);
  await owe(sql, [payment], { ...what, amount: payment.left, by: null });
}

interface Owed {
  amount: number;
  reason: string;
  by: UserId | null;
  seats: readonly SeatIndex[] | null;
  moveId?: string;
  paidMoveId?: string;
}

/** By the first payment that can give all of it, else by one after the other. Answers the first refund. */
export async function owe(sql: Sql, paid: readonly Paid[], what: Owed): Promise<string> {
  const one = paid.find(({ left }) => left >= what.amount);
  let rest = what.amount;
  let first: string | null = null;
  for (const payment of one ? [one] : paid) {
    const amount = Math.min(payment.left, rest);
    if (amount === 0) continue;
    rest -= amount;
    const id = await enter(sql, payment, { ...what, amount }, first);
    first ??= id;
  }
  if (first === null || rest > 0) throw new Error('more is to go back than was paid');
  return first;
}

async function enter(sql: Sql, payment: Paid, what: Owed, partOf: string | null): Promise<string> {
  const id = randomUUID();
  await sql.query(
    `insert into refund (id, payment_id, booking_id, amount, currency, reason, requested_by, seats, move_id, paid_move_id,
                         part_of)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      ...[id, payment.id, payment.booking_id, what.amount, payment.currency, what.reason, what.by, what.seats],
      ...[what.moveId ?? null, what.paidMoveId ?? null, partOf]
    ]
  );
  await enqueue(sql, 'refund.send', { refundId: id }, { dedupeKey: id });
  return id;
}
