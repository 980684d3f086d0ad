import * as said from '#domain/messages/compiled/refusals_sale.js';
import type { UserId } from '#domain/ids.ts';
import { formatMoney } from '#domain/money.ts';
import type { MoveQuoteBody } from '#domain/move.ts';
import { isRefusal, refuse, type Refusal } from '#domain/refusal.ts';
import type { SeatIndex } from '#domain/seat-map.ts';
import type { Manager } from '../catalog/ownership.ts';
import type { Database, Sql } from '../db/database.ts';
import type { Seats } from '../seats/seats.ts';
import type { LockedBooking } from './give-back.ts';
import { priceMove, type PricedMove, type SeatPair } from './move-price.ts';
import { knownMove, paymentNeeded, type MoveDone } from './move-rows.ts';
import type { Mover } from './mover.ts';
import { endPaidMoves, knownPaidMove, type Ended } from './paid-move-rows.ts';

/** What is to be moved where, and at what difference, before anything is. */
export interface Asked {
  mover: Mover;
  /** For the audit log. */
  by: Manager | { user: UserId };
  bookingId: string;
  key: string;
  requestHash: string;
  /** What becomes of a difference to dearer seats. */
  dear: 'waive' | 'pay' | 'refuse';
  /** The buyer has not asked for it themselves. */
  offered: boolean;
  from: readonly SeatIndex[] | undefined;
  to: readonly SeatIndex[];
  /** The difference that they were shown. */
  expected?: number | undefined;
}
export interface Begun {
  booking: LockedBooking;
  planId: string;
  pairs: SeatPair[];
  difference: number;
  pay: { withinMs: number; tell: boolean };
  /** What the booking waited to be moved for before; given up now. */
  ended: Ended[];
}
export interface MoveQuote {
  from: SeatIndex[];
  to: SeatIndex[];
  /** In minor units; negative: goes back. */
  difference: number;
  currency: string;
}
/** Seats that others have: what comes closest can be offered in their place. */
interface Gone extends Pick<Begun, 'booking' | 'pairs'> {
  gone: Refusal;
}

/** Whoever is offered seats by mail reads it some time today: they wait this long (ms), at most until the show. */
const OFFER_MS = 24 * 3600_000;

/** By the id of the paid move; it may be over. */
export interface Waits {
  waits: string;
}

/** What the same request has come to; null when there was none. */
export async function knownTo(sql: Sql, asked: Asked): Promise<MoveDone | Waits | Refusal | null> {
  const of = { by: asked.mover.user, key: asked.key, requestHash: asked.requestHash };
  const done = await knownMove(sql, of);
  if (done) return done;
  const paid = await knownPaidMove(sql, of);
  return paid === null || isRefusal(paid) ? paid : { waits: paid.id };
}

/** `payWithinMs`: for whoever is about to pay. */
export async function beginMove(
  sql: Sql,
  asked: Asked,
  payWithinMs: number
): Promise<Begun | Gone | MoveDone | Waits | Refusal> {
  const booking = await asked.mover.lock(sql, asked.bookingId);
  if (isRefusal(booking)) return booking;
  const known = await knownTo(sql, asked);
  if (known) return known;
  const wanted = await readWanted(sql, asked.mover, booking, asked.from, asked.to);
  if (isRefusal(wanted)) return wanted;
  const { planId, pairs, untilStart } = wanted;
  const priced = await priceMove(sql, booking, pairs, await waiting(sql, booking.id));
  if (isRefusal(priced)) return priced.code === 'SEAT_TAKEN' ? { booking, pairs, gone: priced } : priced;
  const { difference, currency } = priced;
  if (asked.expected !== undefined && asked.expected !== difference) return priceChanged(priced);
  if (difference > 0 && asked.dear === 'refuse') return paymentNeeded(difference, currency);
  const withinMs = asked.offered ? Math.max(payWithinMs, Math.min(OFFER_MS, untilStart)) : payWithinMs;
  const pay = { withinMs, tell: asked.offered };
  return { booking, planId, pairs, difference, pay, ended: await endPaidMoves(sql, booking.id) };
}

export async function quoteMove(
  db: Database,
  seats: Seats,
  mover: Mover,
  bookingId: string,
  { from, to, tier }: MoveQuoteBody
): Promise<MoveQuote | Gone | Refusal> {
  const count = from?.length;
  const best = to ? { to: [...to], count } : await db.transaction((sql) => countSeats(sql, mover, bookingId, count));
  if (isRefusal(best)) return best;
  const chosen = 'to' in best ? best.to : await bestFor(seats, best, tier);
  if (isRefusal(chosen)) return chosen;
  return db.transaction<MoveQuote | Gone | Refusal>(async (sql) => {
    const booking = await mover.lock(sql, bookingId);
    if (isRefusal(booking)) return booking;
    const wanted = await readWanted(sql, mover, booking, from, chosen);
    if (isRefusal(wanted)) return wanted;
    const { pairs } = wanted;
    const priced = await priceMove(sql, booking, pairs, await waiting(sql, bookingId));
    if (isRefusal(priced)) return priced.code === 'SEAT_TAKEN' ? { booking, pairs, gone: priced } : priced;
    const [goes, comes] = [pairs.map((pair) => pair.from), pairs.map((pair) => pair.to)];
    return { from: goes, to: comes, difference: priced.difference, currency: priced.currency };
  });
}

async function countSeats(sql: Sql, mover: Mover, bookingId: string, count: number | undefined) {
  const booking = await mover.lock(sql, bookingId);
  if (isRefusal(booking)) return booking;
  const refusal = (booking.status === 'CONFIRMED' ? null : notConfirmed()) ?? (await mover.mayMove(sql, booking));
  if (refusal) return refusal;
  const live = await sql.query('select 1 from booking_seat where booking_id = $1 and live', [bookingId]);
  return { show: booking.show_id, count: count ?? live.rowCount ?? 0 };
}

/** The best block that is free at this moment; nobody holds it yet. */
async function bestFor(seats: Seats, of: { show: string; count: number }, tier: string | undefined) {
  const found = await seats.suggest(of.show, { count: of.count, ...(tier === undefined ? {} : { tier }) });
  if (isRefusal(found)) return found;
  const [first] = found;
  if (first) return first;
  const words = (tier === undefined ? said.no_free_block : said.no_free_block_price)({ count: of.count });
  return refuse('SEAT_TAKEN', words, { seats: [] });
}

async function readWanted(
  sql: Sql,
  mover: Mover,
  booking: LockedBooking,
  some: readonly SeatIndex[] | undefined,
  to: readonly SeatIndex[]
): Promise<{ planId: string; pairs: SeatPair[]; untilStart: number } | Refusal> {
  if (booking.status !== 'CONFIRMED') return notConfirmed();
  const refusal = await mover.mayMove(sql, booking);
  if (refusal) return refusal;
  const found = await sql.query<{ plan: string; seats: SeatIndex[]; ms: number }>(
    `select s.plan_id as plan, (extract(epoch from s.starts_at - now()) * 1000)::bigint as ms,
            array(select seat_index from booking_seat where booking_id = $2 and live order by 1) as seats
       from show s where s.id = $1`,
    [booking.show_id, booking.id]
  );
  const { plan = '', seats: all = [], ms = 0 } = found.rows[0] ?? {};
  const from = some ?? all;
  if (from.length !== to.length) return invalid('to', said.must_be_as_many({ count: from.length }));
  if (from.some((seat) => !all.includes(seat))) return invalid('from', said.must_be_of_booking());
  const pairs = pairsOf(from, to);
  return pairs.length > 0 ? { planId: plan, pairs, untilStart: ms } : invalid('to', said.must_be_others());
}

/** Its own earlier move may wait for these very seats: a new one takes its place. */
async function waiting(sql: Sql, bookingId: string): Promise<string | null> {
  const found = await sql.query<{ id: string }>(
    `select id from paid_move where booking_id = $1 and status = 'PENDING'`,
    [bookingId]
  );
  return found.rows[0]?.id ?? null;
}

/** Seats that are on both sides stay: whoever shifts a row by one place moves only its end. */
function pairsOf(from: readonly SeatIndex[], to: readonly SeatIndex[]): SeatPair[] {
  const stay = new Set(from.filter((seat) => to.includes(seat)));
  const comes = to.filter((seat) => !stay.has(seat));
  const goes = from.filter((seat) => !stay.has(seat));
  return goes.flatMap((seat, n) => (comes[n] === undefined ? [] : [{ from: seat, to: comes[n] }]));
}

const invalid = (path: string, message: string) =>
  refuse('INVALID', said.check_seats(), { errors: [{ path, message }] });
export const notConfirmed = () => refuse('NOT_MOVABLE', said.only_confirmed_moved());

export function priceChanged({ difference, currency }: Pick<PricedMove, 'difference' | 'currency'>): Refusal {
  const sum = formatMoney({ amount: Math.abs(difference), currency });
  const words =
    difference > 0 ? said.now_to_pay({ sum }) : difference < 0 ? said.now_back({ sum }) : said.now_nothing();
  return refuse('PRICE_CHANGED', words, {
    ...{ difference, currency }
  });
}
