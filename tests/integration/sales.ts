import { randomUUID } from 'node:crypto';
import type { Database } from '../../server/db/database.ts';
import { newId } from '../../server/ids.ts';
import type { MadeShow } from './shows.ts';

/** Bookings of any age, price and state, written as a commit would have left them. */
export interface Sold {
  show: MadeShow;
  userId: string;
  seats: readonly { index: number; price: number; live?: boolean }[];
  at: Date;
  status?: 'PENDING' | 'CONFIRMED' | 'CANCELLED' | 'EXPIRED' | 'REFUND_DUE' | 'REFUNDED';
  currency?: string;
}

export async function sell(db: Database, sales: readonly Sold[]): Promise<string[]> {
  const ids = sales.map(() => randomUUID());
  const total = ({ seats }: Sold) => seats.reduce((sum, { price }) => sum + price, 0);
  const statusOf = ({ status }: Sold) => status ?? 'CONFIRMED';
  await db.query(
    `insert into booking (id, show_id, user_id, hold_id, status, idempotency_key, request_hash, total, currency,
                          expires_at, confirmed_at, created_at)
     select b.id, b.show, b.usr, b.hold, b.status, b.id::text, 'none', b.total, b.currency, b.at + interval '15 minutes',
            case when b.status in ('CONFIRMED', 'REFUNDED') then b.at end, b.at
       from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::timestamptz[])
         as b (id, show, usr, hold, status, total, currency, at)`,
    [
      ...[ids, sales.map(({ show }) => show.id), sales.map(({ userId }) => userId)],
      ...[sales.map(({ show }) => `${show.id}.${newId()}`), sales.map(statusOf), sales.map(total)],
      ...[sales.map(({ currency }) => currency ?? 'EUR'), sales.map(({ at }) => at)]
    ]
  );
  const seats = sales.flatMap((sale, n) =>
    sale.seats.map((seat) => ({
      ...{ ...seat, booking: ids[n], show: sale.show.id, plan: sale.show.planId },
      live: seat.live ?? ['CONFIRMED', 'PENDING'].includes(statusOf(sale))
    }))
  );
  await db.query(
    `insert into booking_seat (booking_id, show_id, plan_id, seat_index, price, live)
     select * from unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::bigint[], $6::bool[])`,
    [
      ...[seats.map(({ booking }) => booking), seats.map(({ show }) => show), seats.map(({ plan }) => plan)],
      ...[seats.map(({ index }) => index), seats.map(({ price }) => price), seats.map(({ live }) => live)]
    ]
  );
  return ids;
}
