import { randomUUID } from 'node:crypto';
import { rowLabel } from '../../src/lib/domain/generate-plan.ts';
import { nameSeats, type Plan } from '../../src/lib/domain/plan.ts';
import type { Database } from '../../server/db/database.ts';
import { newId } from '../../server/ids.ts';

/** Rows that a test about seats needs: a show on a plan of plain rows, without going through the catalogue. */
export interface MadeShow {
  id: string;
  planId: string;
  eventId: string;
  organizerId: string;
}

export async function makeUser(db: Database, role = 'customer'): Promise<string> {
  const id = randomUUID();
  await db.query(
    `insert into app_user (id, email, name, password_hash, role) values ($1, $2, 'Ada Test', 'none', $3)`,
    [id, `${id}@test.example`, role]
  );
  return id;
}

/** Rows of `perRow` seats, one behind the other, with the stage before the middle of the first. */
export function plainPlan(capacity: number, perRow = capacity): Plan {
  const rowOf = (index: number) => Math.floor(index / perRow);
  const rows = Array.from({ length: Math.ceil(capacity / perRow) }, (_, n) => ({
    ...{ section: 'stalls', label: rowLabel(n), first: n * perRow },
    count: Math.min(perRow, capacity - n * perRow)
  }));
  return {
    ...{ name: 'Plain', capacity, size: { width: perRow + 2, height: rows.length + 4 } },
    focus: { x: (perRow - 1) / 2, y: -3 },
    stage: { label: 'STAGE', outline: [] },
    tiers: [{ id: 'standard', name: 'Standard', ordinal: 1 }],
    sections: [{ id: 'stalls', name: 'Stalls' }],
    rows,
    seats: Array.from({ length: capacity }, (_, index) => ({
      ...{ index, id: String(index), label: String((index % perRow) + 1), tier: 'standard' },
      ...{ x: index % perRow, y: rowOf(index) }
    })),
    areas: []
  };
}

export async function makeShow(db: Database, size: number | Plan, options: { cap?: number } = {}): Promise<MadeShow> {
  const plan = typeof size === 'number' ? plainPlan(size) : size;
  const [id, planId, eventId, venueId] = [newId(), newId(), newId(), newId()];
  const organizerId = await makeUser(db, 'organizer');
  await db.query(
    `insert into venue (id, organizer_id, slug, name, city, country, time_zone)
     values ($1, $2, $1, 'Test Hall', 'Berlin', 'DE', 'Europe/Berlin')`,
    [venueId, organizerId]
  );
  await db.query(
    `insert into seating_plan (id, organizer_id, venue_id, name, capacity, geometry, published_at)
     values ($1, $2, $3, 'Plain', $4, $5, now())`,
    [planId, organizerId, venueId, plan.capacity, JSON.stringify(plan)]
  );
  const names = nameSeats(plan);
  await db.query(
    `insert into plan_seat (plan_id, seat_index, label, short, tier)
     select $1, n - 1, label, short, tier
       from unnest($2::text[], $3::text[], $4::text[]) with ordinality as s (label, short, tier, n)`,
    [planId, names.map(({ label }) => label), names.map(({ short }) => short), names.map(({ tier }) => tier)]
  );
  await db.query(
    `insert into event (id, organizer_id, slug, kind, title) values ($1, $2, $1, 'theatre', 'A Test Play')`,
    [eventId, organizerId]
  );
  await db.query(
    `insert into show (id, event_id, venue_id, plan_id, starts_at, sale_opens_at, sale_closes_at, seats_per_buyer, currency)
     values ($1, $2, $3, $4, now() + interval '7 days', now() - interval '1 hour', now() + interval '6 days', $5, 'EUR')`,
    [id, eventId, venueId, planId, options.cap ?? 8]
  );
  for (const tier of plan.tiers) {
    await db.query('insert into show_tier values ($1, $2, $3, $4, 2500)', [id, tier.id, tier.name, tier.ordinal]);
  }
  return { id, planId, eventId, organizerId };
}

/** Books seats in Postgres alone, as a commit that Redis has not heard of. */
export async function bookInPostgres(
  db: Database,
  show: MadeShow,
  seats: readonly number[],
  status: 'PENDING' | 'CONFIRMED' = 'CONFIRMED',
  holdId = `${show.id}.${newId()}`
): Promise<{ bookingId: string; userId: string; holdId: string }> {
  const userId = await makeUser(db);
  const bookingId = randomUUID();
  await db.transaction(async (sql) => {
    await sql.query(
      `insert into booking (id, show_id, user_id, hold_id, status, idempotency_key, request_hash, total, currency, expires_at, confirmed_at)
       values ($1::uuid, $2, $3, $4, $5::text, $1::uuid::text, 'none', $6, 'EUR', now() + interval '10 minutes', case when $5::text = 'CONFIRMED' then now() end)`,
      [bookingId, show.id, userId, holdId, status, 2500 * seats.length]
    );
    await sql.query(
      `insert into booking_seat (booking_id, show_id, plan_id, seat_index, price) select $1, $2, $3, s, 2500 from unnest($4::int[]) s`,
      [bookingId, show.id, show.planId, seats]
    );
  });
  return { bookingId, userId, holdId };
}
