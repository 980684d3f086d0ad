import { createHash, randomUUID } from 'node:crypto';
import { uuid, type HoldId, type ShowId } from '#domain/ids.ts';
import type { MoveBody } from '#domain/move.ts';
import { busy, isRefusal, notFound, refuse, showCancelled, type Refusal } from '#domain/refusal.ts';
import type { SeatIndex } from '#domain/seat-map.ts';
import { buyerOfUser } from '../accounts/buyer-token.ts';
import { audit } from '../catalog/changes.ts';
import type { Manager } from '../catalog/ownership.ts';
import { isUnavailable, Rollback, violatedConstraint, type Database, type Sql } from '../db/database.ts';
import type { Logger } from '../log.ts';
import type { Seats } from '../seats/seats.ts';
import { wrongKey } from './checkout.ts';
import { faultPoint } from './fault-points.ts';
import { lockManaged, type LockedBooking } from './give-back.ts';
import { knownMove, moveRows, seatsGone, type MoveDone, type SeatPair } from './move-rows.ts';
import { readRefund, type RefundView } from './refund-views.ts';
import { syncSeats } from './sync-seats.ts';
import { queueToSell, withRetry } from './transactions.ts';
import { readBooking, type BookingView } from './views.ts';

/** A confirmed booking gets other seats of its show. */
export interface Moving {
  /**
   * All of the move or nothing: the seats, their tickets, the price and the difference, in one transaction. The same key
   * with the same input moves once. Refuses NOT_FOUND, NOT_MOVABLE for a booking that is not confirmed, SEAT_TAKEN {seats,
   * alternatives}, PAYMENT_NEEDED {difference, currency} for dearer seats unless that is waived, INVALID, SALE_CLOSED for a
   * cancelled show, CHANGED_MEANWHILE when its plan is another one, IDEMPOTENCY_CONFLICT, BUSY.
   */
  move(
    by: Manager,
    bookingId: string,
    what: MoveBody,
    idempotencyKey: string
  ): Promise<{ booking: BookingView; difference: number; waived: number; refund: RefundView | null } | Refusal>;
}

/** The new seats are kept this long (ms) for a commit that takes milliseconds; after a crash they come back then. */
const LEASE_MS = 60_000;

interface Asked {
  by: Manager;
  bookingId: string;
  key: string;
  requestHash: string;
  waive: boolean;
}
interface Begun {
  booking: LockedBooking;
  planId: string;
  pairs: SeatPair[];
}

export function createMoving(parts: { db: Database; seats: Seats; log: Logger; wakeRelay: () => void }): Moving {
  const { db, seats, log, wakeRelay } = parts;

  /** What is to be moved where, before anything is; or what the same request has come to. */
  async function begin(sql: Sql, asked: Asked, what: MoveBody): Promise<Begun | MoveDone | Refusal> {
    const { bookingId } = asked;
    const booking = await lockManaged(sql, asked.by, bookingId);
    if (isRefusal(booking)) return booking;
    const known = await knownMove(sql, { ...asked, by: asked.by.user });
    if (known) return known;
    if (booking.status !== 'CONFIRMED') return notConfirmed();
    const found = await sql.query<{ plan: string; seats: SeatIndex[] }>(
      `select s.plan_id as plan, array(select seat_index from booking_seat where booking_id = $2 and live order by 1) as seats
         from show s where s.id = $1`,
      [booking.show_id, bookingId]
    );
    const { plan = '', seats: all = [] } = found.rows[0] ?? {};
    const from = what.from ?? all;
    if (from.length !== what.to.length)
      return invalid('to', `must be ${from.length} ${from.length === 1 ? 'seat' : 'seats'}, as many as are moved`);
    if (from.some((seat) => !all.includes(seat))) return invalid('from', 'must be seats of this booking');
    const pairs = pairsOf(from, what.to);
    return pairs.length > 0 ? { booking, planId: plan, pairs } : invalid('to', 'must be other seats than these');
  }

  /** One transaction. Locks: the show, then the booking, its payment and its seats. */
  const commit = (asked: Asked, { booking: { show_id }, planId, pairs }: Begun, hold: HoldId) =>
    withRetry<MoveDone | Refusal>(db, async (sql) => {
      await queueToSell(sql, show_id);
      const refusal = await lockShow(sql, show_id, planId);
      if (refusal) throw new Rollback(refusal);
      const booking = await lockManaged(sql, asked.by, asked.bookingId);
      if (isRefusal(booking)) throw new Rollback(booking);
      // Of the same request twice, the second one has waited for the first.
      const known = await knownMove(sql, { ...asked, by: asked.by.user });
      if (known) return known;
      if (booking.status !== 'CONFIRMED') throw new Rollback(notConfirmed());
      const { key, requestHash, waive, by } = asked;
      const wish = { ...{ id: randomUUID(), hold, planId, pairs, waive, key, requestHash }, by: by.user };
      const done = await moveRows(sql, booking, wish);
      if (isRefusal(done)) throw new Rollback(done);
      const before = { seats: pairs.map(({ from }) => from) };
      const { difference, waived, refundId: refund } = done;
      const after = { seats: pairs.map(({ to }) => to), difference, waived, refund };
      await audit(sql, by, 'booking', booking.id, before, after, 'move');
      faultPoint('move:before-commit');
      return done;
    });

  async function commitOrGiveBack(asked: Asked, begun: Begun, hold: HoldId): Promise<MoveDone | Refusal> {
    const { show_id: show } = begun.booking;
    try {
      const done = await commit(asked, begun, hold);
      if (isRefusal(done)) await seats.endHold(hold);
      const gone = isRefusal(done) && done.code === 'SEAT_TAKEN' ? done.details['seats'] : null;
      if (!Array.isArray(gone)) return done;
      await seats.mend(show, gone.map(Number));
      return gone.length > 0 ? withAlternatives(show, begun.pairs, gone.map(Number)) : done;
    } catch (error) {
      if (violatedConstraint(error) === 'one_booking_per_seat') {
        await seats.endHold(hold);
        const wanted = begun.pairs.map(({ to }) => to);
        await seats.mend(show, wanted);
        return withAlternatives(show, begun.pairs, wanted);
      }
      // The same request in another process was faster.
      if (/^one_move_per_/.test(violatedConstraint(error) ?? ''))
        return (await knownMove(db, { ...asked, by: asked.by.user })) ?? busy();
      // COMMIT may have arrived or not: the lease stays, and the same request finds out.
      if (!isUnavailable(error)) await seats.endHold(hold);
      throw error;
    }
  }

  async function withAlternatives(show: ShowId, pairs: readonly SeatPair[], gone: readonly SeatIndex[]) {
    const alternatives = pairs.length === gone.length ? await seats.alternatives(show, gone) : [];
    return refuse('SEAT_TAKEN', seatsGone(gone).message, { seats: gone, alternatives });
  }

  /** On the map at once where Redis can be asked; the outbox does it in any case. */
  async function follow(bookingId: string): Promise<void> {
    faultPoint('move:after-commit');
    wakeRelay();
    await syncSeats({ db, seats }, bookingId).catch((error: unknown) =>
      log.warn({ err: error, bookingId }, 'the map follows a move later')
    );
  }

  async function answer(bookingId: string, { difference, waived, refundId }: MoveDone) {
    const booking = await readBooking(db, bookingId, null);
    if (!booking) return notFound('booking');
    return { booking, difference, waived, refund: refundId === null ? null : await readRefund(db, refundId) };
  }

  async function move(asked: Asked, what: MoveBody) {
    const begun = await db.transaction((sql) => begin(sql, asked, what));
    if (isRefusal(begun)) return begun;
    if ('difference' in begun) return answer(asked.bookingId, begun);
    const { show_id: show, user_id: user } = begun.booking;
    // Of the key: whoever asks again after a crash finds the seats in their own lease.
    const hold = `${show}.${idOf(`${asked.by.user} ${asked.key}`)}`;
    const wanted = begun.pairs.map(({ to }) => to);
    const lease = await seats.leaseForMove(hold, buyerOfUser(user), wanted, begun.planId, LEASE_MS);
    // The same request was faster, and its seats are booked.
    if (isRefusal(lease)) {
      const done = await knownMove(db, { ...asked, by: asked.by.user });
      return done && !isRefusal(done) ? answer(asked.bookingId, done) : lease;
    }
    faultPoint('move:after-lease');
    const done = await commitOrGiveBack(asked, begun, hold);
    if (isRefusal(done)) return done;
    await follow(asked.bookingId);
    return answer(asked.bookingId, done);
  }

  return {
    async move(by, bookingId, what, key) {
      if (!uuid.safeParse(bookingId).success) return notFound('booking');
      const wrong = wrongKey(key);
      if (wrong) return wrong;
      const { from = null, to, waive } = what;
      try {
        return await move({ by, bookingId, key, requestHash: hashOf([bookingId, from, to, waive]), waive }, what);
      } catch (error) {
        if (!isUnavailable(error)) throw error;
        log.warn({ err: error, bookingId }, 'a booking could not be moved without Postgres');
        return busy();
      }
    }
  };
}

const invalid = (path: string, message: string) =>
  refuse('INVALID', 'Please check the seats.', { errors: [{ path, message }] });
const notConfirmed = () => refuse('NOT_MOVABLE', 'Only a confirmed booking can be moved to other seats.');

/** Seats that are on both sides stay: whoever shifts a row by one place moves only its end. */
function pairsOf(from: readonly SeatIndex[], to: readonly SeatIndex[]): SeatPair[] {
  const stay = new Set(from.filter((seat) => to.includes(seat)));
  const comes = to.filter((seat) => !stay.has(seat));
  const goes = from.filter((seat) => !stay.has(seat));
  return goes.flatMap((seat, n) => (comes[n] === undefined ? [] : [{ from: seat, to: comes[n] }]));
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
  return refuse('CHANGED_MEANWHILE', 'The seating plan of this show has just been changed. Please choose seats again.');
}

const hashOf = (input: unknown) => createHash('sha256').update(JSON.stringify(input)).digest('base64url');

/** 12 characters of [0-9a-z] that follow from the text. */
const idOf = (text: string) =>
  BigInt(`0x${createHash('sha256').update(text).digest('hex')}`)
    .toString(36)
    .slice(-12);
