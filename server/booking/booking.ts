import type { MyBookingsQuery } from '#domain/booking-search.ts';
import { uuid, type ShowId, type UserId } from '#domain/ids.ts';
import type { Hold, ShowChanged } from '#domain/protocol.ts';
import { notFound } from '#domain/not-found.ts';
import { isRefusal, type Refusal } from '#domain/refusal.ts';
import { letGo } from './expiry.ts';
import { createCheckout, type Buyer, type CheckoutInput, type CheckoutParts } from './checkout.ts';
import { createTicketCodes } from '../tickets/ticket-code.ts';
import { createShowCancelling, type ShowCancelling } from './cancel-show.ts';
import { findBookings } from './history.ts';
import { priceSeats, quoteView, type Chosen, type QuoteView } from './pricing.ts';
import { createMoving, type Moving } from './move.ts';
import { createRefunds, type Refunds } from './refunds.ts';
import { createSendingAgain, type SendingAgain } from './send-again.ts';
import { readPaidMove, type PaidMoveView } from './paid-move-views.ts';
import { readRefunds, type RefundView } from './refund-views.ts';
import { readTickets, type TicketView } from './ticket-views.ts';
import { readBooking, readPaymentOf, type BookingView, type PaymentView } from './views.ts';

export type { TicketView } from './ticket-views.ts';
export type { BookingView, PaymentView } from './views.ts';
export type { QuoteView } from './pricing.ts';
export type { RefundView } from './refund-views.ts';
export type { PaidMoveView } from './paid-move-views.ts';

/** From a hold to tickets. Postgres decides who has a seat; nothing here touches Redis but through `seats`. */
export interface Booking extends Refunds, ShowCancelling, SendingAgain, Moving {
  /**
   * Turns the buyer's hold into a booking that waits for its payment: all of its seats, or nothing. The same key
   * with the same input gives the same booking, however often it is sent; the same hold under another key gives it
   * too, with a new try to pay where the last one failed.
   * Refuses HOLD_EXPIRED, SEAT_TAKEN {seats}, CAP_REACHED {cap}, IDEMPOTENCY_CONFLICT, NOT_FOUND, INVALID, BUSY,
   * PRICE_CHANGED {quote} when the buyer was shown another total, CODE_REFUSED.
   */
  checkout(
    who: Buyer,
    input: CheckoutInput,
    idempotencyKey: string
  ): Promise<{ booking: BookingView; payment: PaymentView } | Refusal>;
  /** What a checkout of this hold would charge now. `user` null: nobody has signed in yet. Refuses CODE_REFUSED, INVALID. */
  quote(hold: Hold, user: UserId | null, chosen: Chosen): Promise<QuoteView | Refusal>;
  /** The user's bookings: those to come by when they begin, all others the latest first. */
  mine(user: UserId, query: MyBookingsQuery): Promise<{ items: BookingView[]; next: string | null }>;
  /** Refuses NOT_FOUND for whatever is not the user's. */
  view(
    id: string,
    user: UserId
  ): Promise<
    | {
        booking: BookingView;
        payment: PaymentView | null;
        tickets: TicketView[];
        refunds: RefundView[];
        /** The latest move to dearer seats. */
        move: PaidMoveView | null;
      }
    | Refusal
  >;
  /** Gives up a booking that is not paid for; its seats are on sale again at once. Refuses NOT_FOUND, NOT_CANCELLABLE. */
  cancelPending(id: string, user: UserId): Promise<BookingView | Refusal>;
}

export interface BookingParts extends CheckoutParts {
  /** Tells everybody who watches a show. */
  showChanged: (show: ShowId, what: Omit<ShowChanged, 'showId'>) => void;
}

export function createBooking(parts: BookingParts): Booking {
  const { db, seats, payments, config, wakeRelay } = parts;
  const log = parts.log.child({ part: 'booking' });
  const codes = createTicketCodes([config.secret]);

  return {
    checkout: createCheckout({ ...parts, log }),
    ...createRefunds(parts),
    ...createShowCancelling({ ...parts, log }),
    ...createSendingAgain(parts),
    ...createMoving({ ...parts, log }),
    quote: (hold, user, chosen) =>
      db.transaction<QuoteView | Refusal>(async (sql) => {
        const seats = [...hold.seats].sort((a, b) => a - b);
        const priced = await priceSeats(sql, { ...chosen, show: hold.showId, seats, heldAt: hold.terms, user });
        return isRefusal(priced) ? priced : quoteView(priced);
      }, 'repeatable read'),
    mine: (user, query) => findBookings(db, user, query),

    async view(id, user) {
      if (!uuid.safeParse(id).success) return notFound('booking');
      const booking = await readBooking(db, id, user);
      if (!booking) return notFound('booking');
      // The gateway may have been away when the booking was made: whoever looks gives it another chance.
      if (booking.status === 'PENDING') await payments.begin(id);
      // One moment of the database: a booking and its payment change together and must be seen together.
      const seen = await db.transaction(async (sql) => {
        const now = await readBooking(sql, id, user);
        if (!now) return notFound('booking');
        const [payment, tickets] = [await readPaymentOf(sql, id), await readTickets(sql, id, codes)];
        const [refunds, move] = [await readRefunds(sql, id), await readPaidMove(sql, id)];
        return { booking: now, payment, tickets, refunds, move };
      }, 'repeatable read');
      if (isRefusal(seen) || seen.move?.status !== 'PENDING' || seen.move.payment.redirectUrl !== null) return seen;
      await payments.begin(id);
      return { ...seen, move: await readPaidMove(db, id) };
    },

    async cancelPending(id, user) {
      if (!uuid.safeParse(id).success) return notFound('booking');
      const released = await letGo(db, id, user);
      if (isRefusal(released)) return released;
      wakeRelay();
      // At once where Redis can be asked; the outbox does it in any case.
      await seats.endHold(released.hold_id);
      return (await readBooking(db, id, user)) ?? notFound('booking');
    }
  };
}
