import * as m from '#domain/messages/compiled/refusals.js';
import { randomUUID } from 'node:crypto';
import type { HoldId, ShowId, UserId } from '#domain/ids.ts';
import type { Quote } from '#domain/quote.ts';
import { currentLanguage } from '#domain/language.ts';
import { isRefusal, refuse, showCancelled, type Refusal } from '#domain/refusal.ts';
import type { SeatIndex } from '#domain/seat-map.ts';
import { Rollback, type Database, type Sql } from '../db/database.ts';
import { toTaken } from '../waiting/moves.ts';
import { expireInTheWay } from './expiry.ts';
import { faultPoint } from './fault-points.ts';
import { findKnown, type Known } from './known.ts';
import { enqueue } from './outbox.ts';
import { planChanged, priceChanged, priceSeats, type Chosen } from './pricing.ts';
import { countUse } from './promo.ts';
import { inTime } from './late-seats.ts';
import { settlePayment } from './settle.ts';
import { queueForCap, seatsOf, withRetry } from './transactions.ts';

export interface Wish extends Chosen {
  user: UserId;
  show: ShowId;
  /** The plan that the show had before the hold was leased: its seats are indexes of this one. */
  planId: string;
  hold: HoldId;
  /** Ascending. */
  seats: readonly SeatIndex[];
  /** The terms of the show that the hold was made at. */
  heldAt: number | undefined;
  /** What its seats count for, where the show counts networks. */
  network?: string | null;
  attendees: readonly string[];
  /** The total that the buyer was shown; with another one nothing is booked. */
  expectedTotal?: number | undefined;
  key: string;
  requestHash: string;
  payWithinMs: number;
  gateway: string;
}

/** Whether COMMIT was sent when a transaction failed: then nobody knows whether the booking exists. */
export class UnknownOutcome extends Error {}

/**
 * The one transaction of a checkout: booking, seats under the unique index, payment and outbox, or nothing at all.
 * Refuses SEAT_TAKEN {seats}, CAP_REACHED {cap}, SALE_CLOSED, HOLD_EXPIRED when the show has another plan now,
 * PRICE_CHANGED {quote}, and what priceSeats and findKnown refuse.
 */
export async function commitBooking(db: Database, wish: Wish): Promise<{ bookingId: string } | Refusal> {
  const sent = { commit: false };
  try {
    return await withRetry<{ bookingId: string } | Refusal>(db, async (sql) => {
      sent.commit = false;
      await queueForCap(sql, wish.user, wish.show);
      const known = await findKnown(sql, wish);
      if (known) return answerOf(known);
      const bookingId = await insert(sql, wish);
      faultPoint('checkout:before-commit');
      sent.commit = true;
      return { bookingId };
    });
  } catch (error) {
    if (sent.commit) throw new UnknownOutcome('the connection broke at COMMIT', { cause: error });
    throw error;
  }
}

const answerOf = (known: Known | Refusal) => ('bookingId' in known ? { bookingId: known.bookingId } : known);

async function insert(sql: Sql, wish: Wish): Promise<string> {
  // Before anything else is locked. Whoever changes a price or the plan, blocks a seat or cancels the show waits for us, or
  // we see what they have done: nothing is booked behind their back.
  const terms = await sql.query<{ currency: string; cap: number; plan_id: string; cancelled: boolean }>(
    `select currency, seats_per_buyer as cap, plan_id, cancelled_at is not null as cancelled
       from show where id = $1 for share`,
    [wish.show]
  );
  const [show] = terms.rows;
  if (!show) throw new Error(`show ${wish.show} has a hold, but does not exist`);
  if (show.cancelled) throw new Rollback(showCancelled());
  if (show.plan_id !== wish.planId) throw new Rollback(planChanged());
  await expireInTheWay(sql, wish);
  const have = await seatsOf(sql, wish.user, wish.show);
  if (have + wish.seats.length > show.cap) {
    throw new Rollback(
      refuse('CAP_REACHED', m.cap_have({ cap: show.cap, have }), {
        cap: show.cap
      })
    );
  }

  const priced = await priceSeats(sql, wish);
  if (isRefusal(priced)) throw new Rollback(priced);
  const { quote, promo } = priced;
  if (wish.expectedTotal !== undefined && wish.expectedTotal !== quote.total) throw new Rollback(priceChanged(priced));
  if (promo) {
    const refusal = await countUse(sql, promo.id, wish.user);
    if (refusal) throw new Rollback(refusal);
  }

  const bookingId = randomUUID();
  const booked = await sql.query<{ expires_at: Date }>(
    `insert into booking (id, show_id, user_id, hold_id, status, idempotency_key, request_hash, total, currency,
                          expires_at, promo_id, promo_code, promo_counted, pricing, network, language)
     values ($1, $2, $3, $4, 'PENDING', $5, $6, $7, $8, now() + make_interval(secs => $9::double precision / 1000),
             $10, $11, $10::text is not null, $12, $13, $14)
     returning expires_at`,
    [
      ...[bookingId, wish.show, wish.user, wish.hold, wish.key, wish.requestHash, quote.total, show.currency],
      ...[wish.payWithinMs, promo?.id ?? null, promo?.code ?? null, JSON.stringify(priced.by), wish.network ?? null],
      currentLanguage()
    ]
  );
  const expiresAt = booked.rows[0]?.expires_at;
  if (!expiresAt) throw new Error('an insert did not answer');

  const taken = await insertSeats(sql, bookingId, wish, quote);
  if (taken.length > 0) {
    throw new Rollback(
      refuse('SEAT_TAKEN', m.yours_sold({ count: taken.length }), {
        seats: taken
      })
    );
  }
  await insertCharges(sql, bookingId, quote);
  const paymentId = randomUUID();
  await sql.query(
    `insert into payment (id, booking_id, gateway, status, amount, currency) values ($1, $2, $3, 'PENDING', $4, $5)`,
    [paymentId, bookingId, wish.gateway, quote.total, show.currency]
  );
  await toTaken(sql, wish.hold);
  // No gateway takes a payment of nothing: what costs nothing is confirmed at once.
  if (quote.total === 0) await settlePayment(sql, paymentId, 'succeeded', inTime);
  else await enqueue(sql, 'booking.expire', { bookingId }, { dedupeKey: bookingId, dueAt: expiresAt });
  return bookingId;
}

/**
 * Seats go in by index, so that two checkouts wait for each other in one direction only, each with all that its price is
 * made of. Answers those that are taken.
 */
async function insertSeats(sql: Sql, bookingId: string, wish: Wish, { seats }: Quote): Promise<SeatIndex[]> {
  const inserted = await sql.query<{ seat_index: SeatIndex }>(
    `insert into booking_seat (booking_id, show_id, plan_id, seat_index, attendee, price, ticket_type, tier_price,
                               discount, fees, tax, tax_included)
     select $1, s.id, s.plan_id, p.seat_index, nullif(w.attendee, ''), w.price, w.ticket_type, w.tier_price,
            w.discount, w.fees, w.tax, w.tax_included
       from show s
       join unnest($3::int[], $4::text[], $5::bigint[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[],
                   $11::bigint[])
            as w (seat_index, attendee, price, ticket_type, tier_price, discount, fees, tax, tax_included) on true
       join plan_seat p on p.plan_id = s.plan_id and p.seat_index = w.seat_index
      where s.id = $2 and not exists (
              select 1 from seat_block k where k.show_id = s.id and k.seat_index = w.seat_index)
        and not exists (
              select 1 from paid_move_seat c join paid_move m on m.id = c.move_id
               where c.show_id = s.id and c.to_seat = w.seat_index and c.waits and m.expires_at > now())
      order by w.seat_index
     on conflict (show_id, seat_index) where live do nothing
     returning seat_index`,
    [
      ...[bookingId, wish.show, seats.map(({ seat }) => seat)],
      seats.map(({ seat }) => wish.attendees[wish.seats.indexOf(seat)] ?? ''),
      ...[seats.map(({ amount }) => amount), seats.map(({ type }) => type?.name ?? null)],
      seats.map(({ type, tierPrice }) => (type ? tierPrice : null)),
      ...[seats.map(({ discount }) => discount), seats.map(({ fees }) => fees)],
      ...[seats.map(({ tax }) => tax), seats.map(({ taxIncluded }) => taxIncluded)]
    ]
  );
  const mine = new Set(inserted.rows.map((row) => row.seat_index));
  return wish.seats.filter((seat) => !mine.has(seat));
}

/** Fees and tax by their names, for the receipt. */
async function insertCharges(sql: Sql, bookingId: string, { fees, tax }: Quote): Promise<void> {
  const charges = [
    ...fees.map((fee) => ({ kind: 'fee', ...fee })),
    ...(tax ? [{ kind: tax.included ? 'tax included' : 'tax', ...tax }] : [])
  ];
  if (charges.length === 0) return;
  await sql.query(
    `insert into booking_charge (booking_id, ordinal, kind, name, amount)
     select $1, n, kind, name, amount
       from unnest($2::text[], $3::text[], $4::bigint[]) with ordinality as w (kind, name, amount, n)`,
    [bookingId, charges.map(({ kind }) => kind), charges.map(({ name }) => name), charges.map(({ amount }) => amount)]
  );
}
