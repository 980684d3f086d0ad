import { randomUUID } from 'node:crypto';
import type { HoldId, ShowId, UserId } from '#domain/ids.ts';
import type { SeatIndex } from '#domain/seat-map.ts';
import { violatedConstraint, type Sql } from '../db/database.ts';
import { release } from './expiry.ts';
import { giveBackLate, lockBooking } from './give-back.ts';
import type { ClaimLate } from './late-seats.ts';
import { enqueue } from './outbox.ts';
import { announceBooking } from '../webhooks/announce.ts';
import { useAgain } from './promo.ts';
import { settleDifference } from './settle-difference.ts';
import { queueForCap, seatsOf } from './transactions.ts';
import type { BookingStatus, PaymentStatus } from './views.ts';

/** What a payment came to. `ignored`: it was settled before, so nothing was changed. */
export type Settlement = 'confirmed' | 'moved' | 'failed' | 'refund due' | 'ignored';

interface Settling {
  booking_id: string;
  user_id: UserId;
  show_id: ShowId;
  move_id: string | null;
}

/**
 * Moves a payment and its booking on, inside the caller's transaction and by guarded UPDATEs only: said twice, it
 * changes nothing the second time. A success that comes after the booking has expired takes the seats again if
 * nobody has or holds any of them and the buyer's cap allows it; otherwise the money has to go back. So does the
 * difference of a move: see settle-difference.ts. `claim` may end the transaction with BUSY.
 */
export async function settlePayment(
  sql: Sql,
  paymentId: string,
  outcome: 'succeeded' | 'declined',
  claim: ClaimLate
): Promise<Settlement> {
  const found = await sql.query<Settling>(
    `select p.booking_id, p.move_id, b.user_id, b.show_id from payment p join booking b on b.id = p.booking_id where p.id = $1`,
    [paymentId]
  );
  const [settling] = found.rows;
  if (!settling) throw new Error(`there is no payment ${paymentId}`);
  await queueForCap(sql, settling.user_id, settling.show_id);
  // Whoever cancels the show or changes its plan waits for us, or we see what they have done: nothing is confirmed behind
  // their back.
  const show = await sql.query<{ cancelled: boolean; plan: string }>(
    'select cancelled_at is not null as cancelled, plan_id as plan from show where id = $1 for share',
    [settling.show_id]
  );
  const { cancelled = false, plan = '' } = show.rows[0] ?? {};
  const booking = await lockBooking(sql, settling.booking_id, null);
  if (!booking) throw new Error(`payment ${paymentId} is for no booking`);
  const { status } = booking;
  const becomes: PaymentStatus = outcome === 'succeeded' ? 'SUCCESS' : 'FAILED';
  const moved = await sql.query(
    `update payment set status = $2, settled_at = now() where id = $1 and status = 'PENDING'`,
    [paymentId, becomes]
  );
  if (moved.rowCount === 0) return 'ignored';
  if (settling.move_id !== null)
    return settleDifference(sql, { moveId: settling.move_id, paymentId, booking, plan, cancelled, claim }, outcome);

  if (outcome === 'declined') {
    await enqueue(sql, 'mail.payment-failed', { paymentId }, { dedupeKey: paymentId });
    return 'failed';
  }
  if (cancelled) return refundLater(sql, settling.booking_id, status, 'show');
  if (status === 'PENDING' || (status === 'EXPIRED' && (await takeAgain(sql, settling, claim)))) {
    await confirm(sql, settling.booking_id, status);
    return 'confirmed';
  }
  return refundLater(sql, settling.booking_id, status, 'late');
}

async function confirm(sql: Sql, bookingId: string, from: BookingStatus): Promise<void> {
  const confirmed = await sql.query(
    `update booking set status = 'CONFIRMED', confirmed_at = now() where id = $1 and status = $2`,
    [bookingId, from]
  );
  if (confirmed.rowCount !== 1) throw new Error(`booking ${bookingId} changed under its own lock`);
  const seats = await sql.query<{ seat_index: number; show_id: ShowId }>(
    'select seat_index, show_id from booking_seat where booking_id = $1 and live order by seat_index',
    [bookingId]
  );
  if (seats.rows.length === 0) throw new Error(`booking ${bookingId} has no seats to confirm`);
  await sql.query(
    `insert into ticket (id, booking_id, show_id, seat_index)
     select w.id, $2, $3, w.seat_index from unnest($1::uuid[], $4::int[]) as w (id, seat_index)
     on conflict (booking_id, seat_index) where void_at is null do nothing`,
    [seats.rows.map(() => randomUUID()), bookingId, seats.rows[0]?.show_id, seats.rows.map((seat) => seat.seat_index)]
  );
  await enqueue(sql, 'seats.sync', { bookingId }, { dedupeKey: `${bookingId}:CONFIRMED` });
  await enqueue(sql, 'mail.confirmation', { bookingId }, { dedupeKey: bookingId });
  await announceBooking(sql, 'booking.confirmed', bookingId);
}

/** All seats of an expired booking and the use of its promo code are its own again, or none. */
async function takeAgain(sql: Sql, { booking_id, user_id, show_id }: Settling, claim: ClaimLate): Promise<boolean> {
  const wanted = await sql.query<{
    count: number;
    cap: number;
    blocked: number;
    gone: number;
    hold: HoldId;
    plan: string;
    seats: SeatIndex[];
  }>(
    `select count(*), s.seats_per_buyer as cap, count(k.seat_index) as blocked, b.hold_id as hold, s.plan_id as plan,
            array_agg(bs.seat_index order by bs.seat_index) as seats,
            count(*) filter (where bs.plan_id <> s.plan_id or exists (
              select 1 from paid_move_seat w join paid_move m on m.id = w.move_id
               where w.show_id = bs.show_id and w.to_seat = bs.seat_index and w.waits and m.expires_at > now())) as gone
       from booking_seat bs
       join booking b on b.id = bs.booking_id
       join show s on s.id = bs.show_id
       left join seat_block k on k.show_id = bs.show_id and k.seat_index = bs.seat_index
      where bs.booking_id = $1 group by b.hold_id, s.plan_id, s.seats_per_buyer`,
    [booking_id]
  );
  const [terms] = wanted.rows;
  // Seats that the show's plan no longer has, or that wait for somebody's move, cannot be had again.
  if (!terms || terms.blocked > 0 || terms.gone > 0) return false;
  if ((await seatsOf(sql, user_id, show_id)) + terms.count > terms.cap) return false;
  await sql.query('savepoint take_again');
  try {
    if (await useAgain(sql, booking_id)) {
      await sql.query('update booking_seat set live = true where booking_id = $1 and not live', [booking_id]);
      // Last of all: what it leases is bought, or has to be waited out.
      if (await claim({ ...terms, user: user_id })) return true;
    }
  } catch (error) {
    if (violatedConstraint(error) !== 'one_booking_per_seat') throw error;
  }
  await sql.query('rollback to savepoint take_again');
  return false;
}

/** The seats are gone, or there is no show to sit at: all of the money goes back. */
async function refundLater(
  sql: Sql,
  bookingId: string,
  from: BookingStatus,
  because: 'late' | 'show'
): Promise<Settlement> {
  if (from === 'PENDING') await release(sql, [bookingId]);
  await giveBackLate(sql, bookingId, because === 'late' ? 'The payment came too late' : 'The show is cancelled');
  await enqueue(
    sql,
    because === 'late' ? 'mail.refund-due' : 'mail.cancelled',
    { bookingId },
    { dedupeKey: bookingId }
  );
  return 'refund due';
}
