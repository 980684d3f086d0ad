import * as said from '#domain/messages/compiled/refusals_sale.js';
import * as m from '#domain/messages/compiled/refusals.js';
import { isDeepStrictEqual } from 'node:util';
import type { ShowId } from '#domain/ids.ts';
import {
  chargeMoved,
  pricedAsCharged,
  type ChargedSeat,
  type MovedSeat,
  type NamedCharge,
  type PricedBy
} from '#domain/moved-price.ts';
import { isRefusal, refuse, type Refusal } from '#domain/refusal.ts';
import type { SeatIndex } from '#domain/seat-map.ts';
import type { Sql } from '../db/database.ts';
import type { LockedBooking } from './give-back.ts';

/** What a move would come to, read in the caller's transaction; nothing is changed here. */
export interface SeatPair {
  from: SeatIndex;
  to: SeatIndex;
}
export interface PricedMove {
  /** Every seat that the booking has or gave back, as it was charged. */
  rows: SeatRow[];
  by: PricedBy;
  charges: NamedCharge[];
  moved: (MovedSeat & SeatPair)[];
  /** What the new seats cost more than the old ones, in minor units; negative: less. */
  difference: number;
  currency: string;
}
export interface SeatRow extends ChargedSeat {
  index: SeatIndex;
  tier: string;
  live: boolean;
  inside: boolean;
}

/**
 * The caller has locked the booking. Refuses INVALID for seats that cannot be moved, SEAT_TAKEN {seats} for those that
 * others have. `mine`: a paid move of the booking's own, whose seats wait for it.
 */
export async function priceMove(
  sql: Sql,
  booking: LockedBooking,
  pairs: readonly SeatPair[],
  mine: string | null = null
): Promise<PricedMove | Refusal> {
  const bill = await readBill(sql, booking, pairs, mine);
  if (isRefusal(bill)) return bill;
  const moved = await chargeSeats(sql, booking.show_id, bill.rows, pairs, bill.by);
  if (isRefusal(moved)) return moved;
  return { ...bill, moved, difference: differenceOf(moved) };
}

/** The same at prices that were agreed on before. Refuses CHANGED_MEANWHILE when the old seats are charged otherwise now. */
export async function agreedMove(
  sql: Sql,
  booking: LockedBooking,
  moved: readonly (MovedSeat & SeatPair)[],
  mine: string
): Promise<PricedMove | Refusal> {
  const bill = await readBill(sql, booking, moved, mine);
  if (isRefusal(bill)) return bill;
  const as = new Map(bill.rows.map((row) => [row.index, chargedOf(row)]));
  if (moved.some(({ from, was }) => !isDeepStrictEqual(as.get(from), was)))
    return refuse('CHANGED_MEANWHILE', said.priced_anew());
  return { ...bill, moved: [...moved], difference: differenceOf(moved) };
}

export const sumOf = (seats: readonly ChargedSeat[]) => seats.reduce((sum, { price }) => sum + price, 0);
const differenceOf = (moved: readonly MovedSeat[]) =>
  sumOf(moved.map(({ is }) => is)) - sumOf(moved.map(({ was }) => was));

async function readBill(sql: Sql, booking: LockedBooking, pairs: readonly SeatPair[], mine: string | null) {
  const rows = await readSeats(sql, booking.id);
  const wrong = wrongWith(rows, pairs) ?? (await goneAmong(sql, booking.show_id, pairs, mine));
  if (wrong) return wrong;
  const { pricing, ...money } = await readMoney(sql, booking.id);
  return { ...money, rows, by: pricing ?? pricedAsCharged(rows, money.charges) };
}

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
    return refused('from', said.must_be_of_booking(), said.not_all_of_booking());
  if (pairs.some(({ from }) => bySeat.get(from)?.inside)) {
    return refused('from', said.must_not_be_in(), said.gone_in());
  }
  if (pairs.some(({ to }) => bySeat.get(to)?.live === false)) {
    return refused('to', said.must_not_be_given_back(), said.gave_back());
  }
  return null;
}

/** What others have or wait for, or the organizer has blocked: Redis may not know of it yet. */
async function goneAmong(sql: Sql, show: ShowId, pairs: readonly SeatPair[], mine: string | null) {
  const found = await sql.query<{ seat: SeatIndex }>(
    `select seat_index as seat from booking_seat where show_id = $1 and live and seat_index = any($2)
      union select seat_index from seat_block where show_id = $1 and seat_index = any($2)
      union select w.to_seat from paid_move_seat w join paid_move m on m.id = w.move_id
             where w.show_id = $1 and w.to_seat = any($2) and w.waits and m.expires_at > now() and m.id is distinct from $3
      order by 1`,
    [show, pairs.map(({ to }) => to), mine]
  );
  return found.rows.length === 0 ? null : seatsGone(found.rows.map(({ seat }) => seat));
}

export const seatsGone = (seats: readonly SeatIndex[]) =>
  refuse('SEAT_TAKEN', m.these_gone({ count: seats.length }), { seats });

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
): Promise<(MovedSeat & SeatPair)[] | Refusal> {
  const found = await sql.query<{ seat: SeatIndex; tier: string; price: number }>(
    `select p.seat_index as seat, p.tier, t.price
       from show s
       join plan_seat p on p.plan_id = s.plan_id
       join show_tier t on t.show_id = s.id and t.tier = p.tier
      where s.id = $1 and p.seat_index = any($2)`,
    [show, pairs.map(({ to }) => to)]
  );
  const today = new Map(found.rows.map((row) => [row.seat, row]));
  if (pairs.some(({ to }) => !today.has(to)))
    return refuse('INVALID', said.no_such_seats(), { errors: [{ path: 'to', message: said.must_be_of_show() }] });
  return pairs.map(({ from, to }) => {
    const [was, place] = [rows.find(({ index }) => index === from), today.get(to)];
    if (!was || !place) throw new Error(`seat ${to} has no price`);
    const known = rows.find(({ tier }) => tier === place.tier);
    const price = known ? (known.tierPrice ?? known.basePrice) : place.price;
    const old = chargedOf(was);
    return { from, to, was: old, is: chargeMoved(old, price, by) };
  });
}

/** Without what a row has besides: what was paid for is compared with this. */
export const chargedOf = (seat: ChargedSeat): ChargedSeat => ({
  ...{ ticketType: seat.ticketType, tierPrice: seat.tierPrice, basePrice: seat.basePrice, discount: seat.discount },
  ...{ fees: seat.fees, tax: seat.tax, taxIncluded: seat.taxIncluded, price: seat.price }
});
