import type { ShowId, UserId } from '#domain/ids.ts';
import type { Database, Sql } from '../db/database.ts';

const TRIES = 3;

/**
 * One at a time for each user and show: the seats one buyer may have are counted under it. Always the first thing
 * taken in a transaction, then bookings, payments, promo codes, and seats in index order: so nobody waits in a circle.
 */
export async function queueForCap(sql: Sql, user: UserId, show: ShowId): Promise<void> {
  await sql.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`cap:${user}:${show}`]);
}

/** The seating plan that the show has now; null when there is no such show. */
export async function planOf(sql: Sql, show: ShowId): Promise<string | null> {
  const found = await sql.query<{ plan_id: string }>('select plan_id from show where id = $1', [show]);
  return found.rows[0]?.plan_id ?? null;
}

/** How many seats of this show the user has, paid or being paid for. */
export async function seatsOf(sql: Sql, user: UserId, show: ShowId): Promise<number> {
  const found = await sql.query<{ count: number }>(
    `select count(*) from booking b join booking_seat s on s.booking_id = b.id
      where b.user_id = $1 and b.show_id = $2 and s.live`,
    [user, show]
  );
  return found.rows[0]?.count ?? 0;
}

/** Runs a transaction again when Postgres ended it only to let another one pass (deadlock, serialization). */
export async function withRetry<T>(db: Database, work: (sql: Sql) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await db.transaction(work);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if ((code !== '40P01' && code !== '40001') || tries === TRIES) throw error;
    }
  }
}
