import type { ShowId } from '#domain/ids.ts';
import type { Sql } from '../db/database.ts';

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
