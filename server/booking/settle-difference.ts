import { isRefusal } from '#domain/refusal.ts';
import { audit } from '../catalog/changes.ts';
import { violatedConstraint, type Sql } from '../db/database.ts';
import type { LockedBooking } from './give-back.ts';
import type { ClaimLate } from './late-seats.ts';
import { agreedMove, type PricedMove } from './move-price.ts';
import { moveRows } from './move-rows.ts';
import { enqueue } from './outbox.ts';
import { giveBackDifference } from './owe.ts';
import { closePaidMove, readPaidMoveRow, type PaidMoveRow } from './paid-move-rows.ts';

interface Difference {
  moveId: string;
  paymentId: string;
  booking: LockedBooking;
  plan: string;
  cancelled: boolean;
  claim: ClaimLate;
}

/**
 * The payment of a difference has come to something. Succeeded: the booking is moved, at the prices that were agreed, if
 * its new seats are still to be had, also when the time to pay for them was over and nobody holds them since; else all of
 * the difference goes back. The caller has locked the show, the booking and the payment, which it has settled just now.
 */
export async function settleDifference(
  sql: Sql,
  of: Difference,
  outcome: 'succeeded' | 'declined'
): Promise<'moved' | 'failed' | 'refund due'> {
  const move = await readPaidMoveRow(sql, of.moveId);
  const bookingId = of.booking.id;
  if (outcome === 'declined') {
    await closePaidMove(sql, move.id, 'FAILED');
    await enqueue(sql, 'seats.sync', { bookingId }, { dedupeKey: `${bookingId}:${move.id}:FAILED` });
    await enqueue(sql, 'mail.payment-failed', { paymentId: of.paymentId }, { dedupeKey: of.paymentId });
    return 'failed';
  }
  if (await moveNow(sql, move, of)) {
    await closePaidMove(sql, move.id, 'DONE');
    return 'moved';
  }
  await closePaidMove(sql, move.id, 'REFUNDED');
  await giveBackDifference(sql, of.paymentId, {
    ...{ reason: 'The new seats could not be had any more', paidMoveId: move.id },
    seats: move.moved.map(({ to }) => to)
  });
  await enqueue(sql, 'seats.sync', { bookingId }, { dedupeKey: `${bookingId}:${move.id}:REFUNDED` });
  await enqueue(sql, 'mail.move-refunded', { bookingId, moveId: move.id }, { dedupeKey: move.id });
  return 'refund due';
}

/** All of the move, or nothing of it and false. */
async function moveNow(sql: Sql, move: PaidMoveRow, { booking, plan, cancelled, claim }: Difference): Promise<boolean> {
  if (cancelled || booking.status !== 'CONFIRMED' || plan !== move.planId) return false;
  const priced = await agreedMove(sql, booking, move.moved, move.id);
  if (isRefusal(priced)) return false;
  await sql.query('savepoint paid_move');
  if (!(await bought(sql, move, priced, booking, claim))) {
    await sql.query('rollback to savepoint paid_move');
    return false;
  }
  const seats = (side: 'from' | 'to') => ({ seats: move.moved.map((seat) => seat[side]) });
  const after = { ...seats('to'), difference: move.difference, paid: move.difference };
  await audit(sql, { user: move.by }, 'booking', booking.id, seats('from'), after, 'move');
  return true;
}

/** False when somebody has a seat of it: what was written until then is to be rolled back. */
async function bought(
  sql: Sql,
  move: PaidMoveRow,
  priced: PricedMove,
  booking: LockedBooking,
  claim: ClaimLate
): Promise<boolean> {
  try {
    await moveRows(sql, booking, move, priced, move.difference);
  } catch (error) {
    // Sold in this very moment to somebody whose commit we could not see.
    if (violatedConstraint(error) !== 'one_booking_per_seat') throw error;
    return false;
  }
  const { hold, planId: plan, moved } = move;
  return !move.late || claim({ hold, plan, user: booking.user_id, seats: moved.map(({ to }) => to) });
}
