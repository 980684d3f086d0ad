import * as said from '#domain/messages/compiled/refusals_sale.js';
import * as m from '#domain/messages/compiled/refusals.js';
import { uuid, type UserId } from '#domain/ids.ts';
import { mayCancel, type RefundBody } from '#domain/refunds.ts';
import { notFound } from '#domain/not-found.ts';
import { isRefusal, refuse, type Refusal } from '#domain/refusal.ts';
import { buyerOfUser } from '../accounts/buyer-token.ts';
import { audit, change } from '../catalog/changes.ts';
import type { Manager } from '../catalog/ownership.ts';
import { type Database, type Sql } from '../db/database.ts';
import type { Seats } from '../seats/seats.ts';
import { release } from './expiry.ts';
import { faultPoint } from './fault-points.ts';
import { giveBack, lockBooking, lockManaged, type GivenBack, type LockedBooking } from './give-back.ts';
import { enqueue } from './outbox.ts';
import { readRefund, readRefunds, type RefundView } from './refund-views.ts';
import { withRetry } from './transactions.ts';
import { readBooking, type BookingView } from './views.ts';

/** Giving bookings back: the customer within the show's policy, the organizer at any time and in part. */
export interface Refunds {
  /**
   * The user gives up their booking. One that waits for its payment is let go as by `cancelPending`; a confirmed one is
   * refunded, until as long before the start as the show says. Asked again, it answers with the booking as it is.
   * Refuses NOT_FOUND, NOT_CANCELLABLE.
   */
  cancel(id: string, user: UserId): Promise<BookingView | Refusal>;
  /**
   * Gives back some seats of a confirmed booking, or all of it. `refund` is null when nothing was paid for them.
   * Refuses NOT_FOUND, NOT_CANCELLABLE, INVALID for seats that are not the booking's. `request` names this wish of the
   * manager: the same one again changes nothing, also when nobody heard the first answer.
   */
  refund(
    by: Manager,
    bookingId: string,
    what: RefundBody,
    request?: string | null
  ): Promise<{ booking: BookingView; refund: RefundView | null } | Refusal>;
  /** The refunds of a booking, the oldest first. Refuses NOT_FOUND. */
  refundsOf(by: Manager, bookingId: string): Promise<RefundView[] | Refusal>;
  /** Asks the gateway once more for a refund that has failed; one that has not is left as it is. Refuses NOT_FOUND. */
  retryRefund(by: Manager, refundId: string): Promise<RefundView | Refusal>;
}

export function createRefunds(parts: { db: Database; seats: Seats; wakeRelay: () => void }): Refunds {
  const { db, seats, wakeRelay } = parts;

  /** On sale again at once where Redis can be asked; the outbox does it in any case. */
  async function freeNow({ booking, seats: freed }: GivenBack): Promise<void> {
    faultPoint('cancel:after-commit');
    wakeRelay();
    await seats.free(booking.show_id, freed, buyerOfUser(booking.user_id));
  }

  /** The customer's own right to cancel: by Postgres' clock, and not once somebody has gone in. */
  async function refusedByPolicy(sql: Sql, booking: LockedBooking): Promise<Refusal | null> {
    const found = await sql.query<{ starts_at: Date; until: number | null; now: Date; inside: boolean }>(
      `select s.starts_at, s.refund_until_min as until, now() as now,
              exists (select 1 from ticket t where t.booking_id = $2 and t.checked_in_at is not null) as inside
         from show s where s.id = $1`,
      [booking.show_id, booking.id]
    );
    const [terms] = found.rows;
    if (!terms || terms.until === null) return refuse('NOT_CANCELLABLE', m.never_cancellable());
    if (terms.inside) return refuse('NOT_CANCELLABLE', m.ticket_used());
    if (mayCancel(terms.starts_at, terms.until, terms.now)) return null;
    return refuse('NOT_CANCELLABLE', m.too_late_to_cancel());
  }

  /** The audit log has its line in the same transaction as the refund, so it knows for certain. */
  async function doneBefore(sql: Sql, by: Manager, bookingId: string, request: string) {
    const found = await sql.query<{ refundId: string | null }>(
      `select after ->> 'refund' as "refundId" from audit_log
        where kind = 'booking' and thing_id = $1 and action = 'refund' and user_id = $2 and after ->> 'request' = $3`,
      [bookingId, by.user, request]
    );
    return found.rows[0] ?? null;
  }

  return {
    async cancel(id, user) {
      if (!uuid.safeParse(id).success) return notFound('booking');
      const done = await withRetry<GivenBack | LockedBooking | Refusal>(db, async (sql) => {
        const booking = await lockBooking(sql, id, user);
        if (!booking) return notFound('booking');
        if (booking.status === 'PENDING') await release(sql, [id]);
        if (booking.status === 'EXPIRED') return refuse('NOT_CANCELLABLE', m.expired_already());
        if (booking.status !== 'CONFIRMED') return booking;
        const refusal = await refusedByPolicy(sql, booking);
        if (refusal) return refusal;
        const given = await giveBack(sql, booking, { seats: null, reason: 'Cancelled by the customer', by: user });
        faultPoint('cancel:before-commit');
        return given;
      });
      if (isRefusal(done)) return done;
      if ('booking' in done) await freeNow(done);
      else if (done.status === 'PENDING') {
        wakeRelay();
        await seats.endHold(done.hold_id);
      }
      return (await readBooking(db, id, user)) ?? notFound('booking');
    },

    async refund(by, bookingId, what, request = null) {
      const done = await change<{ refundId: string | null; given?: GivenBack }>(db, async (sql) => {
        const booking = await lockManaged(sql, by, bookingId);
        if (isRefusal(booking)) return booking;
        const before = request === null ? null : await doneBefore(sql, by, bookingId, request);
        if (before) return before;
        if (booking.status !== 'CONFIRMED') return refuse('NOT_CANCELLABLE', said.only_confirmed_back());
        const given = await giveBack(sql, booking, {
          ...{ seats: what.seats ?? null, reason: what.reason, by: by.user }
        });
        if (isRefusal(given)) return given;
        const named = request === null ? {} : { request };
        const after = { seats: given.seats, refund: given.refundId, reason: what.reason, ...named };
        await audit(sql, by, 'booking', bookingId, { status: booking.status }, after, 'refund');
        faultPoint('cancel:before-commit');
        return { refundId: given.refundId, given };
      });
      if (isRefusal(done)) return done;
      if (done.given) await freeNow(done.given);
      const booking = await readBooking(db, bookingId, null);
      if (!booking) return notFound('booking');
      return { booking, refund: done.refundId === null ? null : await readRefund(db, done.refundId) };
    },

    refundsOf: (by, bookingId) =>
      db.transaction<RefundView[] | Refusal>(async (sql) => {
        const booking = await lockManaged(sql, by, bookingId);
        return isRefusal(booking) ? booking : readRefunds(sql, bookingId);
      }),

    async retryRefund(by, refundId) {
      const refund = uuid.safeParse(refundId).success ? await readRefund(db, refundId) : null;
      if (!refund) return notFound('refund');
      const done = await change<RefundView | null>(db, async (sql) => {
        const booking = await lockManaged(sql, by, refund.bookingId);
        if (isRefusal(booking)) return notFound('refund');
        const again = await sql.query<{ attempts: number }>(
          `update refund set status = 'PENDING', refusals = 0, next_at = now()
            where id = $1 and status = 'FAILED' returning attempts`,
          [refundId]
        );
        const [row] = again.rows;
        if (row) {
          await enqueue(sql, 'refund.send', { refundId }, { dedupeKey: `${refundId}:${row.attempts}` });
          const [before, after] = [{ refund: 'FAILED' }, { refund: 'PENDING', id: refundId }];
          await audit(sql, by, 'booking', booking.id, before, after, 'retry refund');
        }
        return readRefund(sql, refundId);
      });
      if (isRefusal(done)) return done;
      wakeRelay();
      return done ?? notFound('refund');
    }
  };
}
