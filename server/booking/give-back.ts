import * as said from '#domain/messages/compiled/refusals_sale.js';
import { randomUUID } from 'node:crypto';
import { uuid, type HoldId, type ShowId, type UserId } from '#domain/ids.ts';
import { worthOf, type PricedSeat } from '#domain/refunds.ts';
import { notFound } from '#domain/not-found.ts';
import { refuse, type Refusal } from '#domain/refusal.ts';
import type { SeatIndex } from '#domain/seat-map.ts';
import { owned, type Manager } from '../catalog/ownership.ts';
import type { Sql } from '../db/database.ts';
import { announce, announceBooking } from '../webhooks/announce.ts';
import { enqueue } from './outbox.ts';
import { leftOf, lockPaid, owe } from './owe.ts';
import { endPaidMoves } from './paid-move-rows.ts';
import type { BookingStatus } from './views.ts';

/**
 * CONFIRMED → REFUND_DUE (or CANCELLED, where nothing was paid) → REFUNDED, and seats given back one by one. What was
 * paid, less what went back or is to, is always what the live seats of a booking are worth.
 * Everything runs inside the caller's transaction. Locks: the booking, its payment, its refunds, in this order.
 */
export interface LockedBooking {
  id: string;
  status: BookingStatus;
  show_id: ShowId;
  user_id: UserId;
  hold_id: HoldId;
}

/** Null when there is no such booking, or it is not `user`'s. */
export async function lockBooking(sql: Sql, id: string, user: UserId | null): Promise<LockedBooking | null> {
  const found = await sql.query<LockedBooking>(
    `select id, status, show_id, user_id, hold_id from booking
      where id = $1 and ($2::uuid is null or user_id = $2) for update`,
    [id, user]
  );
  return found.rows[0] ?? null;
}

/** The same for whoever sells its show. Refuses NOT_FOUND. */
export async function lockManaged(sql: Sql, by: Manager, id: string): Promise<LockedBooking | Refusal> {
  const locked = uuid.safeParse(id).success ? await lockBooking(sql, id, null) : null;
  const own =
    locked &&
    (await sql.query(
      `select 1 from show s join event e on e.id = s.event_id where s.id = $1 and ${owned('e.organizer_id', 2)}`,
      [locked.show_id, by.owner]
    ));
  return locked && own?.rowCount === 1 ? locked : notFound('booking');
}

export interface GivenBack {
  booking: LockedBooking;
  /** On sale again. */
  seats: SeatIndex[];
  /** Null when nothing was paid for them. */
  refundId: string | null;
}

/**
 * Seats of a confirmed booking that the caller has locked (all of them: `seats` null) are nobody's any more, their
 * tickets are void, and what they are worth is to go back. Refuses INVALID for a seat that is not the booking's.
 */
export async function giveBack(
  sql: Sql,
  booking: LockedBooking,
  what: { seats: readonly SeatIndex[] | null; reason: string; by: UserId | null }
): Promise<GivenBack | Refusal> {
  const paid = await lockPaid(sql, booking.id);
  const live = await sql.query<PricedSeat>(
    'select seat_index as index, price from booking_seat where booking_id = $1 and live order by seat_index',
    [booking.id]
  );
  const worth = worthOf(live.rows, what.seats, leftOf(paid));
  if (!worth) {
    return refuse('INVALID', said.not_all_of_booking(), {
      errors: [{ path: 'seats', message: said.must_be_of_booking() }]
    });
  }
  await sql.query('update booking_seat set live = false where booking_id = $1 and seat_index = any($2) and live', [
    booking.id,
    worth.seats
  ]);
  await sql.query(
    'update ticket set void_at = now() where booking_id = $1 and seat_index = any($2) and void_at is null',
    [booking.id, worth.seats]
  );
  if (worth.whole) {
    const moved = await sql.query(
      `update booking set status = $2, cancelled_at = now(), cancelled_by = $3, cancel_reason = $4
        where id = $1 and status = 'CONFIRMED'`,
      [booking.id, worth.amount > 0 ? 'REFUND_DUE' : 'CANCELLED', what.by, what.reason]
    );
    if (moved.rowCount !== 1) throw new Error(`booking ${booking.id} changed under its own lock`);
  }
  const seats = worth.whole ? null : worth.seats;
  const refundId = worth.amount > 0 ? await owe(sql, paid, { ...what, seats, amount: worth.amount }) : null;
  await endPaidMoves(sql, booking.id);
  const change = refundId ?? randomUUID();
  await enqueue(sql, 'seats.sync', { bookingId: booking.id }, { dedupeKey: `${booking.id}:${change}` });
  if (worth.whole) {
    await enqueue(sql, 'mail.cancelled', { bookingId: booking.id }, { dedupeKey: booking.id });
    await announceBooking(sql, 'booking.cancelled', booking.id);
  }
  if (!worth.whole && refundId) await enqueue(sql, 'mail.refund', { refundId }, { dedupeKey: refundId });
  return { booking, seats: worth.seats, refundId };
}

/**
 * A payment has come for a booking that is over: all of it goes back. The caller has locked the booking.
 * EXPIRED or CANCELLED → REFUND_DUE, or CANCELLED when there was nothing to pay.
 */
export async function giveBackLate(sql: Sql, bookingId: string, reason: string): Promise<void> {
  const paid = await lockPaid(sql, bookingId);
  const left = leftOf(paid);
  const moved = await sql.query(
    `update booking set status = $2, cancelled_at = now(), cancel_reason = $3
      where id = $1 and status in ('EXPIRED', 'CANCELLED')`,
    [bookingId, left > 0 ? 'REFUND_DUE' : 'CANCELLED', reason]
  );
  if (moved.rowCount !== 1) throw new Error(`booking ${bookingId} is not over, or was paid for once more`);
  if (left > 0) await owe(sql, paid, { amount: left, reason, by: null, seats: null });
}

interface Settling {
  booking_id: string;
  payment_id: string;
  amount: number;
  currency: string;
}

/**
 * The gateway has given this money back. With the last of it the payment is REFUNDED and its booking, if that is over,
 * too. Said twice, it changes nothing the second time; answers whether it did.
 */
export async function settleRefund(sql: Sql, refundId: string): Promise<boolean> {
  const found = await sql.query<Settling>('select booking_id, payment_id, amount, currency from refund where id = $1', [
    refundId
  ]);
  const [refund] = found.rows;
  if (!refund) throw new Error(`there is no refund ${refundId}`);
  const booking = await lockBooking(sql, refund.booking_id, null);
  await sql.query('select 1 from payment where id = $1 for update', [refund.payment_id]);
  const moved = await sql.query(
    `update refund set status = 'DONE', settled_at = now(), error = null where id = $1 and status <> 'DONE'`,
    [refundId]
  );
  if (moved.rowCount === 0) return false;
  await sql.query(
    `update payment p set status = 'REFUNDED'
      where p.id = $1 and p.status = 'SUCCESS'
        and p.amount = (select sum(r.amount) from refund r where r.payment_id = p.id and r.status = 'DONE')`,
    [refund.payment_id]
  );
  await sql.query(
    `update booking b set status = 'REFUNDED'
      where b.id = $1 and b.status = 'REFUND_DUE'
        and not exists (select 1 from payment p where p.booking_id = b.id and p.status = 'SUCCESS' and p.amount > 0)`,
    [refund.booking_id]
  );
  const { booking_id: bookingId, amount, currency } = refund;
  if (booking) {
    const data = { bookingId, refundId, amount, currency };
    await announce(sql, 'booking.refunded', { show: booking.show_id, key: refundId, data });
  }
  return true;
}
