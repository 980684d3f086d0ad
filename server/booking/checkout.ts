import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { BuyerId, HoldId } from '#domain/ids.ts';
import { holdId as holdIdShape, showOfHold } from '#domain/ids.ts';
import { notFound } from '#domain/not-found.ts';
import { busy, isRefusal, refuse, type Refusal } from '#domain/refusal.ts';
import type { User } from '../accounts/accounts.ts';
import type { Config } from '../config.ts';
import { isUnavailable, violatedConstraint, type Database } from '../db/database.ts';
import type { Logger } from '../log.ts';
import type { Payments } from '../payments/payments.ts';
import type { Seats } from '../seats/seats.ts';
import { commitBooking, UnknownOutcome, type Wish } from './commit.ts';
import { faultPoint } from './fault-points.ts';
import type { Chosen } from './pricing.ts';
import { findKnown, type Known } from './known.ts';
import { planOf } from './transactions.ts';
import { readBooking, readPaymentOf, type BookingView, type PaymentView } from './views.ts';

export interface Buyer {
  user: User;
  buyer: BuyerId;
  /** The guest they were before signing in, whose hold is theirs still. */
  guest: BuyerId | null;
}

export interface CheckoutInput extends Chosen {
  holdId: HoldId;
  attendees?: string[] | undefined;
  /** What the buyer was shown. With another price nothing is booked; left out, it is what it is. */
  expectedTotal?: number | undefined;
}

export interface CheckoutParts {
  db: Database;
  seats: Seats;
  payments: Payments;
  config: Config;
  log: Logger;
  wakeRelay: () => void;
}

type CheckoutAnswer = { booking: BookingView; payment: PaymentView } | Refusal;

/** How often, and with which pauses (ms), an unknown outcome is looked up before the buyer is asked to try again. */
const LOOKUP_PAUSES = [100, 400, 1000];

export const wrongKey = (key: string): Refusal | null =>
  key.length >= 1 && key.length <= 200
    ? null
    : refuse('INVALID', 'The Idempotency-Key must have 1 to 200 characters.', {
        errors: [{ path: 'Idempotency-Key', message: 'must have 1 to 200 characters' }]
      });

/** From a hold to a booking that waits for its payment. See Booking.checkout. */
export function createCheckout({ db, seats, payments, config, log, wakeRelay }: CheckoutParts) {
  /** The hold becomes a payment lease; a guest's hold becomes the user's first. */
  async function lease(who: Buyer, hold: HoldId): ReturnType<Seats['lease']> {
    const own = await seats.lease(hold, who.buyer);
    if (!isRefusal(own) || own.code !== 'NOT_FOUND' || who.guest === null) return own;
    const guests = await seats.holdById(hold, who.guest);
    // The other click of a double one was faster: the hold is the user's already.
    if (isRefusal(guests) && guests.code === 'NOT_FOUND') return seats.lease(hold, who.buyer);
    if (isRefusal(guests)) return guests;
    await seats.adopt(showOfHold(hold), who.guest, who.buyer);
    return seats.lease(hold, who.buyer);
  }

  /** COMMIT may have arrived or not: the key tells. Null when it did not; throws when Postgres stays away. */
  async function lookUpAgain(wish: Wish): Promise<Known | Refusal | null> {
    for (const ms of LOOKUP_PAUSES) {
      await pause(ms);
      try {
        return await findKnown(db, wish);
      } catch (error) {
        if (!isUnavailable(error)) throw error;
      }
    }
    return findKnown(db, wish);
  }

  async function commit(wish: Wish, who: Buyer): Promise<{ bookingId: string } | Refusal> {
    const giveBack = async () => {
      // A hold the wipe of Redis took, or that mending left without seats, is no harm: there is nothing to give back.
      await seats.unlease(wish.hold, who.buyer);
    };
    try {
      const made = await commitBooking(db, wish);
      if (!isRefusal(made)) return made;
      const taken = made.details['seats'];
      if (made.code === 'SEAT_TAKEN' && Array.isArray(taken)) await seats.mend(wish.show, taken.map(Number));
      // What another booking has is not given back: the key's, or the one that was made of this hold.
      if (made.code !== 'IDEMPOTENCY_CONFLICT' && made.details['bookingId'] === undefined) await giveBack();
      return made;
    } catch (error) {
      const repeated = /^one_booking_per_(key|hold)$/.test(violatedConstraint(error) ?? '');
      if (!repeated && !(error instanceof UnknownOutcome)) {
        await giveBack();
        throw error;
      }
      log.warn({ err: error, hold: wish.hold }, 'looking up how a checkout ended');
      // While nobody can tell, the lease stays: the booking may exist, and the same request finds out.
      const known = await lookUpAgain(wish);
      if (known) return known;
      await giveBack();
      return busy();
    }
  }

  async function view(bookingId: string, user: string): Promise<CheckoutAnswer> {
    await payments.begin(bookingId);
    faultPoint('checkout:after-gateway');
    const booking = await readBooking(db, bookingId, user);
    const payment = booking && (await readPaymentOf(db, bookingId));
    return booking && payment ? { booking, payment } : notFound('booking');
  }

  async function checkout(who: Buyer, input: CheckoutInput, key: string): Promise<CheckoutAnswer> {
    if (!holdIdShape.safeParse(input.holdId).success) return notFound('hold');
    const wrong = wrongKey(key);
    if (wrong) return wrong;
    const { types, promoCode, expectedTotal } = input;
    const request = { user: who.user.id, hold: input.holdId, key, requestHash: hashOf(input), expectedTotal };
    const known = await findKnown(db, request);
    if (isRefusal(known)) return known;
    if (known) {
      if (known.askedAnew) await payments.tryAgain(known.bookingId);
      return view(known.bookingId, who.user.id);
    }

    // Read before the lease: a plan that is changed takes all holds away first, so a hold that can be leased is of this
    // plan, or of one that the commit will find to be another.
    const planId = await planOf(db, showOfHold(input.holdId));
    if (planId === null) return notFound('hold');
    const hold = await lease(who, input.holdId);
    if (isRefusal(hold)) return hold;
    faultPoint('checkout:after-lease');
    const wish: Wish = {
      ...request,
      show: hold.showId,
      planId,
      seats: [...hold.seats].sort((a, b) => a - b),
      heldAt: hold.terms,
      network: hold.network ?? null,
      attendees: input.attendees ?? [],
      ...{ types, promoCode },
      payWithinMs: config.paymentTtlMs,
      gateway: payments.gateway
    };
    const made = await commit(wish, who);
    if (isRefusal(made)) return made;
    faultPoint('checkout:after-commit');
    wakeRelay();
    return view(made.bookingId, who.user.id);
  }

  return async (who: Buyer, input: CheckoutInput, key: string): Promise<CheckoutAnswer> => {
    try {
      return await checkout(who, input, key);
    } catch (error) {
      const cause = error instanceof UnknownOutcome ? error.cause : error;
      if (!isUnavailable(cause)) throw error;
      log.warn({ err: error }, 'checkout without Postgres');
      return busy();
    }
  };
}

const hashOf = ({ holdId, attendees = [], types = {}, promoCode = '' }: CheckoutInput) =>
  createHash('sha256')
    .update(JSON.stringify([holdId, attendees, Object.entries(types).sort(), promoCode]))
    .digest('base64url');
