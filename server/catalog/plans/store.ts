import { nameSeats, type Plan } from '#domain/plan.ts';
import type { Sql } from '../../db/database.ts';
import { newId } from '../../ids.ts';
import type { DraftContent, PublishedPlan, StoredPlan } from '../plan-thread/messages.ts';

/** How versions of seating plans are written: see seating_plan in the migrations. */

export interface NewVersion {
  organizerId: string;
  venueId: string;
  /** One of the venue's, as it is written there. A version of a series has the room of its series. */
  room: string | null;
  /** Of a plan that is there already; else it is the first of its own series. */
  series?: string;
}

const SEATS_PER_INSERT = 20_000;

/** A plan with its seats, published. For plans that are in memory anyway; large ones come from the thread as bytes. */
export async function insertPlan(
  sql: Sql,
  { id, organizerId, venueId, room = null }: { id: string; organizerId: string; venueId: string; room?: string | null },
  plan: Plan
): Promise<void> {
  await sql.query(
    `insert into seating_plan (id, organizer_id, venue_id, room, name, capacity, geometry, tiers, published_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, now())`,
    [
      ...[id, organizerId, venueId, room, plan.name, plan.capacity],
      ...[JSON.stringify(plan), JSON.stringify(plan.tiers)]
    ]
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

/** A new plan, published at once. Answers its id; `onShare` hears how far it is, from 0 to 1. */
export async function insertPublished(
  sql: Sql,
  { organizerId, venueId, room }: NewVersion,
  plan: PublishedPlan,
  onShare?: (share: number) => void
): Promise<string> {
  const id = newId();
  await sql.query(
    `insert into seating_plan (id, organizer_id, venue_id, room, name, capacity, geometry, tiers, published_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, now())`,
    [
      ...[id, organizerId, venueId, room, plan.name, plan.capacity],
      ...[Buffer.from(plan.geometry), JSON.stringify(plan.tiers)]
    ]
  );
  await insertNames(sql, id, plan, onShare);
  return id;
}

/** A new draft: the next version of its series. Answers its id. */
export async function insertDraft(
  sql: Sql,
  { organizerId, venueId, room, series }: NewVersion,
  draft: DraftContent
): Promise<string> {
  const id = newId();
  await sql.query(
    `insert into seating_plan (id, organizer_id, venue_id, name, capacity, draft, tiers, series, number, room)
     values ($1, $2, $3, $4, $5, $6, $7, coalesce($8, gen_random_uuid()::text),
             (select coalesce(max(number), 0) + 1 from seating_plan where series = $8),
             case when $8 is null then $9 else (select room from seating_plan where series = $8 limit 1) end)`,
    [
      ...[id, organizerId, venueId, draft.name, draft.capacity],
      ...[Buffer.from(draft.json), JSON.stringify(draft.tiers), series ?? null, room]
    ]
  );
  return id;
}

/** A draft, saved. A name that is only spaces leaves the old one in the lists. */
export async function updateDraft(sql: Sql, id: string, draft: DraftContent): Promise<void> {
  await sql.query(
    `update seating_plan set name = coalesce(nullif(trim($2), ''), name), capacity = $3, draft = $4, tiers = $5,
            version = version + 1, updated_at = now() where id = $1`,
    [id, draft.name, draft.capacity, Buffer.from(draft.json), JSON.stringify(draft.tiers)]
  );
}

/** All versions of the series are for `room`. A draft keeps its version, which stands for what is drawn alone. */
export async function updateRoom(sql: Sql, series: string, room: string | null): Promise<void> {
  await sql.query(
    `update seating_plan set room = $2, updated_at = now(),
            version = version + case when published_at is null then 0 else 1 end where series = $1`,
    [series, room]
  );
}

/** Whoever makes a version or changes what all of them share waits here for the others, and then sees what they did. */
export async function lockSeries(sql: Sql, series: string): Promise<void> {
  // The venue before its plans: so does whoever renames a room.
  await sql.query(
    'select 1 from venue where id = (select venue_id from seating_plan where series = $1 limit 1) for share',
    [series]
  );
  await sql.query('select 1 from seating_plan where series = $1 order by number limit 1 for update', [series]);
}

/** The draft becomes a version that never changes again. */
export async function publishDraft(sql: Sql, id: string, plan: PublishedPlan): Promise<void> {
  await sql.query(
    `update seating_plan set name = $2, capacity = $3, geometry = $4, tiers = $5, published_at = now(),
            version = version + 1, updated_at = now() where id = $1`,
    [id, plan.name, plan.capacity, Buffer.from(plan.geometry), JSON.stringify(plan.tiers)]
  );
  // A file that was imported as a draft before drafts could be edited had its names at once.
  await sql.query('delete from plan_seat where plan_id = $1', [id]);
  await insertNames(sql, id, plan);
}

/** The names go as the bytes they came as: Postgres takes them apart, so that this thread has nothing to do. */
async function insertNames(
  sql: Sql,
  planId: string,
  { names, capacity }: PublishedPlan,
  onShare: (share: number) => void = () => undefined
) {
  for (const { from, json } of names) {
    await sql.query(
      `insert into plan_seat (plan_id, seat_index, label, short, tier)
       select $1, $2::int + n - 1, name->>0, name->>1, name->>2
         from json_array_elements($3::json) with ordinality as s (name, n)`,
      [planId, from, Buffer.from(json)]
    );
    onShare(from / capacity);
  }
  onShare(1);
}

/** What is stored of a version: its draft where it has one. Null when there is no such plan. */
export async function readStored(sql: Sql, id: string): Promise<StoredPlan | null> {
  const found = await sql.query<{ draft: string | null; geometry: string | null }>(
    `select draft::text, case when draft is null then geometry::text end as geometry from seating_plan where id = $1`,
    [id]
  );
  const [row] = found.rows;
  if (row?.draft) return { draft: row.draft };
  return row?.geometry ? { geometry: row.geometry } : null;
}
