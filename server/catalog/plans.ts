import type { PlanBody, PlansQuery } from '#domain/catalog.ts';
import { generatePlan } from '#domain/generate-plan.ts';
import type { ShowId } from '#domain/ids.ts';
import { nameSeats, type Plan, type PlanTier } from '#domain/plan.ts';
import { notFound, type Refusal } from '#domain/refusal.ts';
import type { Database, Sql } from '../db/database.ts';
import { newId } from '../ids.ts';
import { audit, change } from './changes.ts';
import { decodeCursor, pattern, toPage } from './cursor.ts';
import { owned, type Manager } from './ownership.ts';

/** The JSON of a published plan, which never changes; null when there is none. */
export async function readPlanText(sql: Sql, planId: string): Promise<string | null> {
  const found = await sql.query<{ geometry: string }>(
    'select geometry::text from seating_plan where id = $1 and published_at is not null',
    [planId]
  );
  return found.rows[0]?.geometry ?? null;
}

export async function readPlanId(sql: Sql, show: ShowId): Promise<string | null> {
  const found = await sql.query<{ plan_id: string }>('select plan_id from show where id = $1', [show]);
  return found.rows[0]?.plan_id ?? null;
}

/** A published seating plan in the words of its organizer; the geometry is at GET /shows/{id}/plan. */
export interface SeatingPlan {
  id: string;
  name: string;
  capacity: number;
  venue: { id: string; name: string; city: string; timeZone: string };
  tiers: PlanTier[];
}

const PLAN = `p.id, p.name, p.capacity, p.geometry -> 'tiers' as tiers,
  json_build_object('id', v.id, 'name', v.name, 'city', v.city, 'timeZone', v.time_zone) as venue`;
const FROM = `seating_plan p join venue v on v.id = p.venue_id`;
const KEY = `lower(v.name) || ' ' || lower(p.name)`;
const SEATS_PER_INSERT = 20_000;

export interface Plans {
  list(by: Manager, query: PlansQuery): Promise<{ items: SeatingPlan[]; next: string | null }>;
  get(by: Manager, id: string): Promise<SeatingPlan | Refusal>;
  /** One of the halls that can be generated, published at once. */
  create(by: Manager, body: PlanBody): Promise<SeatingPlan | Refusal>;
}

export function createPlans(db: Database): Plans {
  async function read(sql: Sql, by: Manager, id: string): Promise<SeatingPlan | Refusal> {
    const found = await sql.query<SeatingPlan>(
      `select ${PLAN} from ${FROM} where p.id = $1 and p.published_at is not null and ${owned('p.organizer_id', 2)}`,
      [id, by.owner]
    );
    return found.rows[0] ?? notFound('seating plan');
  }

  return {
    async list(by, query) {
      const after = decodeCursor(query.cursor);
      const { rows } = await db.query<SeatingPlan & { key: string }>(
        `select ${PLAN}, ${KEY} as key from ${FROM}
          where ${owned('p.organizer_id', 1)} and p.published_at is not null
            and ($2::text is null or p.name ilike $2 or v.name ilike $2 or v.city ilike $2)
            and ($3::text is null or v.id = $3)
            and ($4::text is null or (${KEY}, p.id) > ($4, $5))
          order by key, p.id limit $6`,
        [
          ...[by.owner, pattern(query.q), query.venue ?? null],
          ...[after?.[0] ?? null, after?.[1] ?? null, query.limit + 1]
        ]
      );
      const page = toPage(rows, query.limit);
      return { items: page.rows.map(({ key: _, ...plan }) => plan), next: page.next };
    },

    get: (by, id) => read(db, by, id),

    create: (by, body) =>
      change(db, async (sql) => {
        const venue = await sql.query<{ organizer_id: string }>(
          `select v.organizer_id from venue v where v.id = $1 and ${owned('v.organizer_id', 2)} for share`,
          [body.venueId, by.owner]
        );
        const owner = venue.rows[0]?.organizer_id;
        if (owner === undefined) return notFound('venue');
        const id = newId();
        const plan = { ...generatePlan(body.generate), name: body.name };
        await insertPlan(sql, { id, organizerId: owner, venueId: body.venueId }, plan);
        const made = await read(sql, by, id);
        await audit(sql, by, 'plan', id, null, made);
        return made;
      })
  };
}

/** A plan with its seats, published. */
export async function insertPlan(
  sql: Sql,
  { id, organizerId, venueId }: { id: string; organizerId: string; venueId: string },
  plan: Plan
): Promise<void> {
  await sql.query(
    `insert into seating_plan (id, organizer_id, venue_id, name, capacity, geometry, published_at)
     values ($1, $2, $3, $4, $5, $6, now())`,
    [id, organizerId, venueId, plan.name, plan.capacity, JSON.stringify(plan)]
  );
  const names = nameSeats(plan);
  for (let from = 0; from < names.length; from += SEATS_PER_INSERT) {
    const part = names.slice(from, from + SEATS_PER_INSERT);
    await sql.query(
      `insert into plan_seat (plan_id, seat_index, label, short, tier)
       select $1, $2 + n - 1, label, short, tier
         from unnest($3::text[], $4::text[], $5::text[]) with ordinality as s (label, short, tier, n)`,
      [id, from, part.map(({ label }) => label), part.map(({ short }) => short), part.map(({ tier }) => tier)]
    );
  }
}
