import type { SeatFacts } from '#domain/control.ts';
import type { ShowId } from '#domain/ids.ts';
import { notFound } from '#domain/not-found.ts';
import { isRefusal, type Refusal } from '#domain/refusal.ts';
import type { SeatIndex } from '#domain/seat-map.ts';
import { withNames, type HoldParts } from './holds.ts';

interface Row {
  plan_id: string;
  label: string;
  short: string;
  tier_name: string;
  price: number;
  currency: string;
  block: { reason: string; by: string | null; at: string } | null;
  booking: NonNullable<SeatFacts['booking']> | null;
}

/** Everything about one seat: what Postgres knows, and the hold it is in now. While Redis is away, no hold is known. */
export async function readSeatFacts(parts: HoldParts, show: ShowId, index: SeatIndex): Promise<SeatFacts | Refusal> {
  const { rows } = await parts.db.query<Row>(
    `select s.plan_id, p.label, p.short, t.name as tier_name, t.price, s.currency,
            (select json_build_object('reason', k.reason, 'by', u.name, 'at', k.created_at)
               from seat_block k left join app_user u on u.id = k.blocked_by
              where k.show_id = s.id and k.seat_index = p.seat_index) as block,
            (select json_build_object('id', b.id, 'status', b.status, 'price', bs.price, 'at', b.created_at,
                                      'buyer', json_build_object('name', u.name, 'email', u.email))
               from booking_seat bs join booking b on b.id = bs.booking_id join app_user u on u.id = b.user_id
              where bs.show_id = s.id and bs.seat_index = p.seat_index and bs.live) as booking
       from show s
       join plan_seat p on p.plan_id = s.plan_id
       join show_tier t on t.show_id = s.id and t.tier = p.tier
      where s.id = $1 and p.seat_index = $2`,
    [show, index]
  );
  const [row] = rows;
  if (!row) return notFound('seat');
  const { booking, block } = row;
  const now = await parts.seats.seatNow(show, index);
  const seen = isRefusal(now) ? null : now;
  const [hold] = seen?.hold ? await withNames(parts, row.plan_id, [seen.hold]) : [];
  return {
    ...{ index, label: row.label, short: row.short, tierName: row.tier_name, price: row.price },
    ...{ currency: row.currency, block, booking, hold: hold ?? null },
    state: seen?.state ?? (booking ? 'booked' : block ? 'blocked' : 'available')
  };
}
