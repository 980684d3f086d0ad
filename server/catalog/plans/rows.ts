import type { PlansQuery } from '#domain/catalog.ts';
import type { ShowId } from '#domain/ids.ts';
import type { PlanTier } from '#domain/plan.ts';
import { notFound } from '#domain/not-found.ts';
import type { Refusal } from '#domain/refusal.ts';
import type { Sql } from '../../db/database.ts';
import { decodeCursor, pattern, toPage } from '../cursor.ts';
import { owned, type Manager } from '../ownership.ts';

/** A version of a seating plan in the words of its organizer; what it looks like is in its geometry or its draft. */
export interface SeatingPlan {
  id: string;
  name: string;
  /** Places. */
  capacity: number;
  venue: { id: string; name: string; city: string; timeZone: string };
  /** Which room of the venue it is for, as all versions of its series. */
  room: string | null;
  tiers: PlanTier[];
  /** All versions of one plan have the same. */
  series: string;
  /** 1 for the first version of a series. */
  number: number;
  /** Goes up with every change; a published version changes nothing but its name. */
  version: number;
  published: boolean;
  /** RFC 3339 */
  updatedAt: string;
}

type Row = Omit<SeatingPlan, 'updatedAt'> & { updatedAt: Date };

const PLAN = `p.id, p.name, p.capacity, coalesce(p.tiers, p.geometry -> 'tiers') as tiers,
  p.series, p.number, p.version, p.published_at is not null as published, p.room, p.updated_at as "updatedAt",
  json_build_object('id', v.id, 'name', v.name, 'city', v.city, 'timeZone', v.time_zone) as venue`;
const FROM = `seating_plan p join venue v on v.id = p.venue_id`;
const KEY = `lower(v.name) || ' ' || lower(coalesce(p.room || ' ', '') || p.name)`;

const toPlan = ({ updatedAt, ...row }: Row): SeatingPlan => ({ ...row, updatedAt: updatedAt.toISOString() });

/** `lock` keeps the plan as it is until the transaction ends. */
export async function readPlan(sql: Sql, by: Manager, id: string, lock = false): Promise<SeatingPlan | Refusal> {
  const found = await sql.query<Row>(
    `select ${PLAN} from ${FROM} where p.id = $1 and ${owned('p.organizer_id', 2)} ${lock ? 'for update of p' : ''}`,
    [id, by.owner]
  );
  const [row] = found.rows;
  return row ? toPlan(row) : notFound('seating_plan');
}

/** Of each series the newest published version and the draft. */
export async function listPlans(sql: Sql, by: Manager, query: PlansQuery) {
  const after = decodeCursor(query.cursor);
  const { rows } = await sql.query<Row & { key: string }>(
    `select ${PLAN}, ${KEY} as key from ${FROM}
      where ${owned('p.organizer_id', 1)}
        and not exists (select 1 from seating_plan n
                         where n.series = p.series and n.number > p.number
                           and p.published_at is not null and n.published_at is not null)
        and ($2::text is null or p.name ilike $2 or v.name ilike $2 or p.room ilike $2 or v.city ilike $2)
        and ($3::text is null or v.id = $3)
        and ($4 = 'all' or (p.published_at is not null) = ($4 = 'published'))
        and ($5::text is null or (${KEY}, p.id) > ($5, $6))
      order by key, p.id limit $7`,
    [
      ...[by.owner, pattern(query.q), query.venue ?? null, query.state],
      ...[after?.[0] ?? null, after?.[1] ?? null, query.limit + 1]
    ]
  );
  const page = toPage(rows, query.limit);
  return { items: page.rows.map(({ key: _, ...plan }) => toPlan(plan)), next: page.next };
}

const VERSIONS_LISTED = 200;

/** All versions of the plan's series, the newest first, and how many shows each has. */
export async function readVersions(sql: Sql, by: Manager, id: string): Promise<PlanVersion[] | Refusal> {
  const { rows } = await sql.query<Omit<PlanVersion, 'updatedAt' | 'publishedAt'> & VersionTimes>(
    `select p.id, p.name, p.number, p.capacity, p.version, p.published_at as "publishedAt", p.updated_at as "updatedAt",
            (select count(*) from show s where s.plan_id = p.id) as shows
       from seating_plan p join seating_plan one on one.series = p.series
      where one.id = $1 and ${owned('one.organizer_id', 2)} order by p.number desc limit ${VERSIONS_LISTED}`,
    [id, by.owner]
  );
  if (rows.length === 0) return notFound('seating_plan');
  return rows.map(({ publishedAt, updatedAt, ...row }) => ({
    ...row,
    publishedAt: publishedAt?.toISOString() ?? null,
    updatedAt: updatedAt.toISOString()
  }));
}

interface VersionTimes {
  publishedAt: Date | null;
  updatedAt: Date;
}

export interface PlanVersion {
  id: string;
  name: string;
  number: number;
  capacity: number;
  version: number;
  /** RFC 3339; null for the draft. */
  publishedAt: string | null;
  updatedAt: string;
  /** Shows that have this version, past ones too. */
  shows: number;
}

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
