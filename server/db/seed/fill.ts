import { randomUUID } from 'node:crypto';
import type { Plan } from '#domain/plan.ts';
import type { Sql } from '../database.ts';

/** Fills a share of a show's seats with confirmed bookings, as a sale that has been running would have. */

/** Small, seeded and good enough to scatter bookings: the same show fills the same way on every machine. */
function random(seed: string): () => number {
  let state = [...seed].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7) || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

/** Groups of one to five neighbours, more of them near the stage and in the middle of a row. */
export function chooseGroups(plan: Plan, share: number, seed: string): number[][] {
  const next = random(seed);
  const groups: number[][] = [];
  const wanted = Math.floor(plan.capacity * share);
  const depth = Math.max(...plan.seats.map((seat) => Math.hypot(seat.x - plan.focus.x, seat.y - plan.focus.y)));
  const placeOf = new Map(plan.seats.map((seat) => [seat.index, seat]));
  let taken = 0;
  for (const row of plan.rows) {
    const first = placeOf.get(row.first);
    if (!first) continue;
    const near = 1 - Math.hypot(first.x - plan.focus.x, first.y - plan.focus.y) / depth;
    const likely = Math.min(0.98, share * (0.7 + 0.8 * near));
    let seat = row.first;
    while (seat < row.first + row.count) {
      const size = Math.min(1 + Math.floor(next() * 5), row.first + row.count - seat);
      if (taken < wanted && next() < likely) {
        groups.push(Array.from({ length: size }, (_, n) => seat + n));
        taken += size;
      }
      seat += size;
    }
  }
  for (const area of plan.areas) {
    const places = Math.floor(area.count * share * 0.5);
    for (let n = 0; n < places; n += 4) {
      groups.push(Array.from({ length: Math.min(4, places - n) }, (_, k) => area.first + n + k));
    }
  }
  return groups;
}

export async function bookGroups(
  sql: Sql,
  show: { id: string; planId: string; currency: string },
  groups: readonly (readonly number[])[],
  customers: readonly string[]
): Promise<void> {
  if (groups.length === 0) return;
  const bookings = groups.map(() => randomUUID());
  const users = groups.map((_, n) => customers[n % customers.length] ?? customers[0]);
  const holds = bookings.map(
    (id, n) => `${show.id}.${id.replaceAll('-', '').slice(0, 6)}${String(n).padStart(6, '0')}`
  );
  await sql.query(
    `insert into booking (id, show_id, user_id, hold_id, status, idempotency_key, request_hash, total, currency,
                          expires_at, confirmed_at, created_at)
     select b.id, $1, b.user_id, b.hold, 'CONFIRMED', b.id::text, 'seed', 0, $5, t.at + interval '15 minutes', t.at, t.at
       from unnest($2::uuid[], $3::uuid[], $4::text[]) with ordinality as b (id, user_id, hold, n)
       cross join lateral (select now() - make_interval(mins => (b.n * 37 % 10080)::int) as at) t`,
    [show.id, bookings, users, holds, show.currency]
  );
  const owner = groups.flatMap((group, n) => group.map(() => bookings[n]));
  await sql.query(
    `insert into booking_seat (booking_id, show_id, plan_id, seat_index, price)
     select s.booking, $1, $2, s.seat, t.price
       from unnest($3::uuid[], $4::int[]) as s (booking, seat)
       join plan_seat p on p.plan_id = $2 and p.seat_index = s.seat
       join show_tier t on t.show_id = $1 and t.tier = p.tier`,
    [show.id, show.planId, owner, groups.flat()]
  );
  await sql.query(
    `update booking b set total = t.total
       from (select booking_id, sum(price) as total from booking_seat where show_id = $1 group by 1) t
      where b.id = t.booking_id`,
    [show.id]
  );
  await sql.query(
    `insert into payment (id, booking_id, gateway, gateway_ref, status, amount, currency, created_at, settled_at)
     select gen_random_uuid(), id, 'sandbox', 'seed-' || id, 'SUCCESS', total, currency, created_at, confirmed_at
       from booking where show_id = $1 and request_hash = 'seed'`,
    [show.id]
  );
  // The sandbox knows these payments too: it can give the money back.
  await sql.query(
    `insert into sandbox_payment (ref, payment_id, amount, currency, status, return_url, created_at, decided_at)
     select p.gateway_ref, p.id, p.amount, p.currency, 'succeeded', '', p.created_at, p.settled_at
       from payment p join booking b on b.id = p.booking_id where b.show_id = $1 and b.request_hash = 'seed'`,
    [show.id]
  );
  await sql.query(
    `insert into ticket (id, booking_id, show_id, seat_index)
     select gen_random_uuid(), booking_id, show_id, seat_index from booking_seat where show_id = $1`,
    [show.id]
  );
  // Nobody reads their mail.
  await sql.query(
    `insert into reminder (booking_id) select id from booking where show_id = $1 and request_hash = 'seed'`,
    [show.id]
  );
}
