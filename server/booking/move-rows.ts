import { randomUUID } from 'node:crypto';
import type { HoldId, ShowId, UserId } from '#domain/ids.ts';
import { formatMoney } from '#domain/money.ts';
import {
  chargeMoved,
  chargesAfter,
  pricedAsCharged,
  waive,
  type ChargedSeat,
  type MovedSeat,
  type NamedCharge,
  type PricedBy
} from '#domain/moved-price.ts';
import { refuse, type Refusal } from '#domain/refusal.ts';
import type { SeatIndex } from '#domain/seat-map.ts';
import type { Sql } from '../db/database.ts';
import { giveDifference, type LockedBooking } from './give-back.ts';
import { enqueue } from './outbox.ts';

/** One move, in the caller's transaction: rows, tickets, price, refund and what follows, or a refusal and nothing. */
export interface MoveWish {
  id: string;
  hold: HoldId;
  planId: string;
  pairs: readonly SeatPair[];
  waive: boolean;
  key: string;
  requestHash: string;
  by: UserId;
}
export interface SeatPair {
  from: SeatIndex;
  to: SeatIndex;
}
export interface MoveDone {
  id: string;
  /** What the new seats would cost more than the old ones; negative: less. */
  difference: number;
  waived: number;
  refundId: string | null;
}

interface SeatRow extends ChargedSeat {
  index: SeatIndex;
  tier: string;
  live: boolean;
  inside: boolean;
}

/** The caller has locked the booking, which is CONFIRMED, and the show, whose plan is `planId`. */
export async function moveRows(sql: Sql, booking: LockedBooking, wish: MoveWish): Promise<MoveDone | Refusal> {
  const rows = await readSeats(sql, booking.id);
  const wrong = wrongWith(rows, wish.pairs) ?? (await goneAmong(sql, booking.show_id, wish.pairs));
  if (wrong) return wrong;
  const money = await readMoney(sql, booking.id);
  const by = money.pricing ?? pricedAsCharged(rows, money.charges);
  const asked = await chargeSeats(sql, booking.show_id, rows, wish.pairs, by);
  const difference = sumOf(asked.map(({ is }) => is)) - sumOf(asked.map(({ was }) => was));
  if (difference > 0 && !wish.waive) return paymentNeeded(difference, money.currency);
  const waived = Math.max(0, difference);
  const less = waived > 0 ? waive(asked.map(({ is }) => is), waived) : null; // prettier-ignore
  const moved = asked.map((seat, n) => ({ ...seat, is: less?.[n] ?? seat.is }));

  await sql.query(
    `insert into booking_move (id, booking_id, plan_id, from_seats, to_seats, hold_id, idempotency_key, request_hash,
                               difference, waived, moved_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      ...[wish.id, booking.id, wish.planId, wish.pairs.map(({ from }) => from), wish.pairs.map(({ to }) => to)],
      ...[wish.hold, wish.key, wish.requestHash, difference, waived, wish.by]
    ]
  );
  await writeSeats(sql, booking, moved);
  const now = rows.map((row) => moved.find(({ from }) => from === row.index)?.is ?? row);
  await writePrice(sql, booking.id, sumOf(now), chargesAfter(money.charges, moved, now, by));
  const refundId =
    difference < 0
      ? await giveDifference(sql, booking.id, {
          ...{ amount: -difference, moveId: wish.id, by: wish.by, reason: 'Moved to cheaper seats' },
          seats: wish.pairs.map(({ to }) => to)
        })
      : null;
  await enqueue(sql, 'seats.sync', { bookingId: booking.id }, { dedupeKey: `${booking.id}:${wish.id}` });
  await enqueue(sql, 'mail.moved', { bookingId: booking.id, moveId: wish.id }, { dedupeKey: wish.id });
  return { id: wish.id, difference, waived, refundId };
}

const sumOf = (seats: readonly ChargedSeat[]) => seats.reduce((sum, { price }) => sum + price, 0);

export const paymentNeeded = (difference: number, currency: string) =>
  refuse(
    'PAYMENT_NEEDED',
    `These seats cost ${formatMoney({ amount: difference, currency })} more than the ones they replace, and the difference cannot be collected here. Nothing was moved: waive the difference, or choose seats that cost no more.`,
    { difference, currency }
  );

/** Every seat that the booking has or gave back, as it was charged. */
async function readSeats(sql: Sql, bookingId: string): Promise<SeatRow[]> {
  const found = await sql.query<SeatRow>(
    `select bs.seat_index as index, p.tier, bs.live, bs.ticket_type as "ticketType", bs.tier_price as "tierPrice",
            bs.base_price as "basePrice", bs.discount, bs.fees, bs.tax, bs.tax_included as "taxIncluded", bs.price,
            exists (select 1 from ticket t where t.booking_id = bs.booking_id and t.seat_index = bs.seat_index
                       and t.void_at is null and t.checked_in_at is not null) as inside
       from booking_seat bs join plan_seat p on p.plan_id = bs.plan_id and p.seat_index = bs.seat_index
      where bs.booking_id = $1 order by bs.seat_index`,
    [bookingId]
  );
  return found.rows;
}

function wrongWith(rows: readonly SeatRow[], pairs: readonly SeatPair[]): Refusal | null {
  const bySeat = new Map(rows.map((row) => [row.index, row]));
  const refused = (path: string, message: string, words: string) =>
    refuse('INVALID', words, { errors: [{ path, message }] });
  if (pairs.some(({ from }) => !bySeat.get(from)?.live))
    return refused('from', 'must be seats of this booking', 'Not all of these seats belong to this booking.');
  if (pairs.some(({ from }) => bySeat.get(from)?.inside)) {
    const words = 'Somebody has gone in with the ticket of one of these seats. Undo that at the door first.';
    return refused('from', 'must be seats that nobody has gone in for', words);
  }
  if (pairs.some(({ to }) => bySeat.get(to)?.live === false)) {
    const words = 'One of these seats was given back from this very booking. Please choose another one.';
    return refused('to', 'must not be seats that this booking gave back', words);
  }
  return null;
}

/** What others have, or the organizer has blocked: Redis may not know of it yet. */
async function goneAmong(sql: Sql, show: ShowId, pairs: readonly SeatPair[]): Promise<Refusal | null> {
  const found = await sql.query<{ seat: SeatIndex }>(
    `select seat_index as seat from booking_seat where show_id = $1 and live and seat_index = any($2)
      union select seat_index from seat_block where show_id = $1 and seat_index = any($2) order by 1`,
    [show, pairs.map(({ to }) => to)]
  );
  return found.rows.length === 0 ? null : seatsGone(found.rows.map(({ seat }) => seat));
}

export const seatsGone = (seats: readonly SeatIndex[]) =>
  refuse(
    'SEAT_TAKEN',
    seats.length === 1
      ? 'One of these seats was sold or blocked a moment ago. Please choose another one.'
      : 'Some of these seats were sold or blocked a moment ago. Please choose others.',
    { seats }
  );

async function readMoney(sql: Sql, bookingId: string) {
  const found = await sql.query<{ currency: string; pricing: PricedBy | null; charges: NamedCharge[] }>(
    `select b.currency, b.pricing,
            (select coalesce(json_agg(json_build_object('kind', c.kind, 'name', c.name, 'amount', c.amount) order by c.ordinal), '[]')
               from booking_charge c where c.booking_id = b.id) as charges
       from booking b where b.id = $1`,
    [bookingId]
  );
  const [money] = found.rows;
  if (!money) throw new Error(`booking ${bookingId} is gone under its own lock`);
  return money;
}

/** A tier that the booking has a seat of costs what that did; any other one what it costs today. */
async function chargeSeats(
  sql: Sql,
  show: ShowId,
  rows: readonly SeatRow[],
  pairs: readonly SeatPair[],
  by: PricedBy
): Promise<(MovedSeat & SeatPair)[]> {
  const found = await sql.query<{ seat: SeatIndex; tier: string; price: number }>(
    `select p.seat_index as seat, p.tier, t.price
       from show s
       join plan_seat p on p.plan_id = s.plan_id
       join show_tier t on t.show_id = s.id and t.tier = p.tier
      where s.id = $1 and p.seat_index = any($2)`,
    [show, pairs.map(({ to }) => to)]
  );
  const today = new Map(found.rows.map((row) => [row.seat, row]));
  return pairs.map(({ from, to }) => {
    const [was, place] = [rows.find(({ index }) => index === from), today.get(to)];
    if (!was || !place) throw new Error(`seat ${to} has no price`);
    const known = rows.find(({ tier }) => tier === place.tier);
    const price = known ? (known.tierPrice ?? known.basePrice) : place.price;
    return { from, to, was, is: chargeMoved(was, price, by) };
  });
}

/** The rows change their seat in place. Of each, all tickets there were go along void, and one new one is valid. */
async function writeSeats(sql: Sql, booking: LockedBooking, moved: readonly (MovedSeat & SeatPair)[]): Promise<void> {
  const from = moved.map((seat) => seat.from);
  const to = moved.map((seat) => seat.to);
  const parts = moved.map(({ is }) => is);
  await sql.query('set constraints ticket_booking_id_seat_index_fkey deferred');
  const changed = await sql.query(
    `update booking_seat s
        set seat_index = w.new, price = w.price, tier_price = w.tier_price, discount = w.discount, fees = w.fees,
            tax = w.tax, tax_included = w.tax_included
       from unnest($2::int[], $3::int[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[])
            as w (old, new, price, tier_price, discount, fees, tax, tax_included)
      where s.booking_id = $1 and s.seat_index = w.old and s.live`,
    [
      ...[booking.id, from, to, parts.map(({ price }) => price), parts.map(({ tierPrice }) => tierPrice)],
      ...[parts.map(({ discount }) => discount), parts.map(({ fees }) => fees), parts.map(({ tax }) => tax)],
      parts.map(({ taxIncluded }) => taxIncluded)
    ]
  );
  if (changed.rowCount !== moved.length) throw new Error(`booking ${booking.id} changed under its own lock`);
  await sql.query(
    `update ticket t set seat_index = w.new, void_at = coalesce(t.void_at, now())
       from unnest($2::int[], $3::int[]) as w (old, new) where t.booking_id = $1 and t.seat_index = w.old`,
    [booking.id, from, to]
  );
  await sql.query(
    `insert into ticket (id, booking_id, show_id, seat_index)
     select w.id, $1, $2, w.seat from unnest($3::uuid[], $4::int[]) as w (id, seat)`,
    [booking.id, booking.show_id, to.map(() => randomUUID()), to]
  );
}

async function writePrice(sql: Sql, bookingId: string, total: number, charges: readonly NamedCharge[]): Promise<void> {
  await sql.query('update booking set total = $2 where id = $1', [bookingId, total]);
  await sql.query('delete from booking_charge where booking_id = $1', [bookingId]);
  if (charges.length === 0) return;
  await sql.query(
    `insert into booking_charge (booking_id, ordinal, kind, name, amount)
     select $1, n, kind, name, amount
       from unnest($2::text[], $3::text[], $4::bigint[]) with ordinality as w (kind, name, amount, n)`,
    [bookingId, charges.map(({ kind }) => kind), charges.map(({ name }) => name), charges.map(({ amount }) => amount)]
  );
}

/** What a move with this key came to; IDEMPOTENCY_CONFLICT when it was another one; null when there was none. */
export async function knownMove(
  sql: Sql,
  asked: { by: UserId; key: string; requestHash: string }
): Promise<MoveDone | Refusal | null> {
  const found = await sql.query<MoveDone & { hash: string }>(
    `select m.id, m.difference, m.waived, m.request_hash as hash, r.id as "refundId"
       from booking_move m left join refund r on r.move_id = m.id where m.moved_by = $1 and m.idempotency_key = $2`,
    [asked.by, asked.key]
  );
  const [known] = found.rows;
  if (!known) return null;
  const { hash, ...done } = known;
  if (hash === asked.requestHash) return done;
  return refuse('IDEMPOTENCY_CONFLICT', 'This Idempotency-Key was used for another request.');
}
