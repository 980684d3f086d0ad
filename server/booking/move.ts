import * as said from '#domain/messages/compiled/refusals_sale.js';
import { createHash, randomUUID } from 'node:crypto';
import { uuid, type HoldId, type ShowId, type UserId } from '#domain/ids.ts';
import type { MoveBody, MoveQuoteBody, OwnMoveBody } from '#domain/move.ts';
import { notFound } from '#domain/not-found.ts';
import { busy, isRefusal, refuse, showCancelled, type Refusal } from '#domain/refusal.ts';
import { buyerOfUser } from '../accounts/buyer-token.ts';
import { audit } from '../catalog/changes.ts';
import type { Manager } from '../catalog/ownership.ts';
import type { Config } from '../config.ts';
import { isUnavailable, Rollback, violatedConstraint, type Database, type Sql } from '../db/database.ts';
import type { Logger } from '../log.ts';
import type { Payments } from '../payments/payments.ts';
import type { Seats } from '../seats/seats.ts';
import { wrongKey } from './checkout.ts';
import { faultPoint } from './fault-points.ts';
import {
  beginMove,
  knownTo,
  notConfirmed,
  priceChanged,
  quoteMove,
  type Asked,
  type Begun,
  type MoveQuote,
  type Waits
} from './move-begin.ts';
import { priceMove, seatsGone } from './move-price.ts';
import { moveRows, type MoveDone } from './move-rows.ts';
import { buyer, organizer } from './mover.ts';
import { endPaidMoves, insertPaidMove } from './paid-move-rows.ts';
import { readPaidMove, type PaidMoveView } from './paid-move-views.ts';
import { readRefund, type RefundView } from './refund-views.ts';
import { syncSeats } from './sync-seats.ts';
import { queueToSell, withRetry } from './transactions.ts';
import { readBooking, type BookingView } from './views.ts';

/** A confirmed booking gets other seats of its show. */
export interface Moving {
  /**
   * All of the move or nothing: the seats, their tickets, the price and the difference, in one transaction. The same key
   * with the same input moves once. Dearer seats are only kept (`move`, which says where to pay) when the difference is to
   * be collected: the booking is moved once that is paid.
   * Refuses NOT_FOUND, NOT_MOVABLE for a booking that is not confirmed, SEAT_TAKEN {seats, alternatives}, PAYMENT_NEEDED
   * {difference, currency} for dearer seats whose difference is neither waived nor collected, INVALID, SALE_CLOSED for a
   * cancelled show, CHANGED_MEANWHILE when its plan is another one, IDEMPOTENCY_CONFLICT, BUSY.
   */
  move(by: Manager, bookingId: string, what: MoveBody, idempotencyKey: string): Promise<MoveAnswer | Refusal>;
  /** The same for its buyer, within the show's policy (mover.ts). Refuses PRICE_CHANGED {difference} besides, SALE_PAUSED. */
  moveOwn(user: UserId, bookingId: string, what: OwnMoveBody, idempotencyKey: string): Promise<MoveAnswer | Refusal>;
  /** What its buyer would pay or get back, and for which seats. Changes nothing. Refuses what moveOwn does. */
  quoteMove(user: UserId, bookingId: string, what: MoveQuoteBody): Promise<MoveQuote | Refusal>;
  /** The buyer gives up a move that waits for its payment: the booking stays as it is. Refuses NOT_FOUND. */
  giveUpMove(user: UserId, bookingId: string): Promise<BookingView | Refusal>;
}

export interface MoveAnswer {
  booking: BookingView;
  /** What the new seats cost more than the old ones; negative: less. */
  difference: number;
  waived: number;
  refund: RefundView | null;
  /** Not null: the difference is or was to be paid first. */
  move: PaidMoveView | null;
}

/** The new seats are kept this long (ms) for a commit that takes milliseconds; after a crash they come back then. */
const LEASE_MS = 60_000;
/** Postgres gives up a move that is not paid for, and Redis follows this much (ms) later at the latest. */
const LEASE_GRACE_MS = 60_000;

export interface MovingParts {
  db: Database;
  seats: Seats;
  payments: Payments;
  config: Config;
  log: Logger;
  wakeRelay: () => void;
}

export function createMoving({ db, seats, payments, config, log, wakeRelay }: MovingParts): Moving {
  const toBePaid = (begun: Begun, { dear }: Asked) => begun.difference > 0 && dear === 'pay';

  /** One transaction. Locks: the show, then the booking, its payment and its seats. */
  const commit = (asked: Asked, begun: Begun, hold: HoldId) =>
    withRetry<MoveDone | Waits | Refusal>(db, async (sql) => {
      const { pairs, planId, booking: before } = begun;
      await queueToSell(sql, before.show_id);
      const refusal = await lockShow(sql, before.show_id, planId);
      if (refusal) throw new Rollback(refusal);
      const booking = await asked.mover.lock(sql, asked.bookingId);
      if (isRefusal(booking)) throw new Rollback(booking);
      // Of the same request twice, the second one has waited for the first.
      const known = await knownTo(sql, asked);
      if (known) return known;
      if (booking.status !== 'CONFIRMED') throw new Rollback(notConfirmed());
      const priced = await priceMove(sql, booking, pairs);
      if (isRefusal(priced)) throw new Rollback(priced);
      if (priced.difference !== begun.difference) throw new Rollback(priceChanged(priced));
      const { key, requestHash } = asked;
      const wish = { ...{ id: randomUUID(), hold, planId, key, requestHash }, by: asked.mover.user };
      if (toBePaid(begun, asked)) {
        const pay = { ...{ paymentId: randomUUID(), gateway: payments.gateway }, ...begun.pay };
        await insertPaidMove(sql, booking, wish, priced, pay);
        faultPoint('paid-move:before-commit');
        return { waits: wish.id };
      }
      await endPaidMoves(sql, booking.id);
      const done = await moveRows(sql, booking, wish, priced);
      const { difference, waived, refundId: refund } = done;
      const after = { seats: pairs.map(({ to }) => to), difference, waived, refund };
      await audit(sql, asked.by, 'booking', booking.id, { seats: pairs.map(({ from }) => from) }, after, 'move');
      faultPoint('move:before-commit');
      return done;
    });

  async function commitOrGiveBack(asked: Asked, begun: Begun, hold: HoldId): Promise<MoveDone | Waits | Refusal> {
    try {
      const done = await commit(asked, begun, hold);
      if (!isRefusal(done)) return done;
      await seats.endHold(hold);
      return withAlternatives(begun, done);
    } catch (error) {
      if (/^one_(booking|paid_move)_per_seat$/.test(violatedConstraint(error) ?? '')) {
        await seats.endHold(hold);
        return withAlternatives(begun, seatsGone(begun.pairs.map(({ to }) => to)));
      }
      // The same request in another process was faster.
      if (/^one_(paid_)?move_per_/.test(violatedConstraint(error) ?? '')) return (await knownTo(db, asked)) ?? busy();
      // COMMIT may have arrived or not: the lease stays, and the same request finds out.
      if (!isUnavailable(error)) await seats.endHold(hold);
      throw error;
    }
  }

  /** Seats that only Postgres knew are gone: the map learns of it, and something close to them is offered. */
  async function withAlternatives({ booking, pairs }: Pick<Begun, 'booking' | 'pairs'>, refusal: Refusal) {
    const listed = refusal.code === 'SEAT_TAKEN' ? refusal.details['seats'] : null;
    if (!Array.isArray(listed)) return refusal;
    const gone = listed.map(Number);
    await seats.mend(booking.show_id, gone);
    const alternatives = pairs.length === gone.length ? await seats.alternatives(booking.show_id, gone) : [];
    return refuse('SEAT_TAKEN', refusal.message, { seats: gone, alternatives });
  }

  /** On the map at once where Redis can be asked; the outbox does it in any case. */
  async function follow(bookingId: string): Promise<void> {
    faultPoint('move:after-commit');
    wakeRelay();
    await syncSeats({ db, seats }, bookingId).catch((error: unknown) =>
      log.warn({ err: error, bookingId }, 'the map follows a move later')
    );
  }

  async function answer(bookingId: string, done: MoveDone | Waits): Promise<MoveAnswer | Refusal> {
    const booking = await readBooking(db, bookingId, null);
    if (!booking) return notFound('booking');
    if (!('waits' in done)) {
      const { difference, waived, refundId } = done;
      const refund = refundId === null ? null : await readRefund(db, refundId);
      return { booking, difference, waived, refund, move: null };
    }
    // The gateway may have been away when it was asked first: whoever asks again gives it another chance.
    await payments.begin(bookingId);
    const move = await readPaidMove(db, bookingId, done.waits);
    return { booking, difference: move?.difference ?? 0, waived: 0, refund: null, move };
  }

  async function move(asked: Asked): Promise<MoveAnswer | Refusal> {
    const begun = await db.transaction((sql) => beginMove(sql, asked, config.paymentTtlMs));
    if (isRefusal(begun)) return begun;
    if ('waits' in begun || 'waived' in begun) return answer(asked.bookingId, begun);
    if ('gone' in begun) return withAlternatives(begun, begun.gone);
    for (const { hold_id } of begun.ended) await seats.endHold(hold_id);
    const { show_id: show, user_id: user } = begun.booking;
    // Of the key: whoever asks again after a crash finds the seats in their own lease.
    const hold = `${show}.${idOf(`${asked.mover.user} ${asked.key}`)}`;
    const wanted = begun.pairs.map(({ to }) => to);
    const leaseMs = toBePaid(begun, asked) ? begun.pay.withinMs + LEASE_GRACE_MS : LEASE_MS;
    const lease = await seats.leaseForMove(hold, buyerOfUser(user), wanted, begun.planId, leaseMs);
    // The same request was faster, and its seats are booked.
    if (isRefusal(lease)) {
      const known = await knownTo(db, asked);
      return known && !isRefusal(known) ? answer(asked.bookingId, known) : lease;
    }
    faultPoint('move:after-lease');
    const done = await commitOrGiveBack(asked, begun, hold);
    if (isRefusal(done)) return done;
    if ('waits' in done) {
      faultPoint('paid-move:after-commit');
      wakeRelay();
    } else await follow(asked.bookingId);
    return answer(asked.bookingId, done);
  }

  async function guarded<T>(bookingId: string, key: string | null, work: () => Promise<T | Refusal>) {
    if (!uuid.safeParse(bookingId).success) return notFound('booking');
    const wrong = key === null ? null : wrongKey(key);
    if (wrong) return wrong;
    try {
      return await work();
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      log.warn({ err: error, bookingId }, 'a booking could not be moved without Postgres');
      return busy();
    }
  }

  return {
    move(by, bookingId, { from, to, waive, collect }, key) {
      const requestHash = hashOf([bookingId, from ?? null, to, waive, ...(collect ? ['collect'] : [])]);
      const dear = waive ? 'waive' : collect ? 'pay' : 'refuse';
      return guarded(bookingId, key, () =>
        move({ mover: organizer(by), by, bookingId, key, requestHash, dear, from, to, offered: true })
      );
    },

    moveOwn(user, bookingId, { from, to, expectedDifference: expected }, key) {
      const requestHash = hashOf([bookingId, from ?? null, to, expected ?? null]);
      const asked = { mover: buyer(user), by: { user }, bookingId, key, requestHash, from, to, expected };
      return guarded(bookingId, key, () => move({ ...asked, dear: 'pay', offered: false }));
    },

    quoteMove: (user, bookingId, what) =>
      guarded(bookingId, null, async () => {
        const quote = await quoteMove(db, seats, buyer(user), bookingId, what);
        return 'gone' in quote ? withAlternatives(quote, quote.gone) : quote;
      }),

    giveUpMove: (user, bookingId) =>
      guarded(bookingId, null, async () => {
        const ended = await db.transaction(async (sql) => {
          const booking = await buyer(user).lock(sql, bookingId);
          return isRefusal(booking) ? booking : endPaidMoves(sql, bookingId);
        });
        if (isRefusal(ended)) return ended;
        wakeRelay();
        for (const { hold_id } of ended) await seats.endHold(hold_id);
        return (await readBooking(db, bookingId, user)) ?? notFound('booking');
      })
  };
}

/** Whoever cancels the show, blocks a seat or changes its plan waits for us, or we see what they have done. */
async function lockShow(sql: Sql, show: ShowId, planId: string): Promise<Refusal | null> {
  const found = await sql.query<{ plan: string; cancelled: boolean }>(
    'select plan_id as plan, cancelled_at is not null as cancelled from show where id = $1 for share',
    [show]
  );
  const [now] = found.rows;
  if (now?.cancelled) return showCancelled();
  if (now?.plan === planId) return null;
  return refuse('CHANGED_MEANWHILE', said.plan_just_changed());
}

const hashOf = (input: unknown) => createHash('sha256').update(JSON.stringify(input)).digest('base64url');

/** 12 characters of [0-9a-z] that follow from the text. */
const idOf = (text: string) =>
  BigInt(`0x${createHash('sha256').update(text).digest('hex')}`)
    .toString(36)
    .slice(-12);
