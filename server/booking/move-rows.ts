import * as said from '#domain/messages/compiled/refusals_sale.js';
import { randomUUID } from 'node:crypto';
import type { HoldId, UserId } from '#domain/ids.ts';
import { formatMoney } from '#domain/money.ts';
import { chargesAfter, waive, type MovedSeat, type NamedCharge } from '#domain/moved-price.ts';
import { refuse, type Refusal } from '#domain/refusal.ts';
import type { Sql } from '../db/database.ts';
import type { LockedBooking } from './give-back.ts';
import { sumOf, type PricedMove, type SeatPair } from './move-price.ts';
import { enqueue } from './outbox.ts';
import { giveDifference } from './owe.ts';

/** One move, in the caller's transaction: rows, tickets, price, refund and what follows. */
export interface MoveWish {
  id: string;
  hold: HoldId;
  planId: string;
  key: string;
  requestHash: string;
  by: UserId;
}
export interface MoveDone {
  id: string;
  /** What the new seats would cost more than the old ones; negative: less. */
  difference: number;
  waived: number;
  /** By its buyer, before it was moved. */
  paid: number;
  refundId: string | null;
}

/**
 * The caller has locked the booking, which is CONFIRMED, and the show, whose plan is `planId`. Dearer seats are paid for
 * already (`paid`), or the organizer does without the difference.
 */
export async function moveRows(
  sql: Sql,
  booking: LockedBooking,
  wish: MoveWish,
  priced: PricedMove,
  paid = 0
): Promise<MoveDone> {
  const { difference, rows, charges, by } = priced;
  const waived = Math.max(0, difference - paid);
  const less = waived > 0 ? waive(priced.moved.map(({ is }) => is), waived) : null; // prettier-ignore
  const moved = priced.moved.map((seat, n) => ({ ...seat, is: less?.[n] ?? seat.is }));

  await sql.query(
    `insert into booking_move (id, booking_id, plan_id, from_seats, to_seats, hold_id, idempotency_key, request_hash,
                               difference, waived, paid, moved_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      ...[wish.id, booking.id, wish.planId, moved.map(({ from }) => from), moved.map(({ to }) => to)],
      ...[wish.hold, wish.key, wish.requestHash, difference, waived, paid, wish.by]
    ]
  );
  await writeSeats(sql, booking, moved);
  const now = rows.map((row) => moved.find(({ from }) => from === row.index)?.is ?? row);
  await writePrice(sql, booking.id, sumOf(now), chargesAfter(charges, moved, now, by));
  const refundId =
    difference < 0
      ? await giveDifference(sql, booking.id, {
          ...{ amount: -difference, moveId: wish.id, by: wish.by, reason: 'Moved to cheaper seats' },
          seats: moved.map(({ to }) => to)
        })
      : null;
  await enqueue(sql, 'seats.sync', { bookingId: booking.id }, { dedupeKey: `${booking.id}:${wish.id}` });
  await enqueue(sql, 'mail.moved', { bookingId: booking.id, moveId: wish.id }, { dedupeKey: wish.id });
  return { id: wish.id, difference, waived, paid, refundId };
}

export const paymentNeeded = (difference: number, currency: string) =>
  refuse('PAYMENT_NEEDED', said.payment_needed({ sum: formatMoney({ amount: difference, currency }) }), {
    difference,
    currency
  });

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
    `select m.id, m.difference, m.waived, m.paid, m.request_hash as hash, r.id as "refundId"
       from booking_move m left join refund r on r.move_id = m.id and r.part_of is null
      where m.moved_by = $1 and m.idempotency_key = $2`,
    [asked.by, asked.key]
  );
  const [known] = found.rows;
  if (!known) return null;
  const { hash, ...done } = known;
  if (hash === asked.requestHash) return done;
  return refuse('IDEMPOTENCY_CONFLICT', 'This Idempotency-Key was used for another request.');
}
