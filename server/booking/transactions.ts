import type { ShowId, UserId } from '#domain/ids.ts';
import type { Database, Sql } from '../db/database.ts';

const TRIES = 3;

/**
 * The order in which everything is locked, so that nobody waits in a circle: the line of the show, the line of a buyer,
 * the show, its bookings by id, payments, promo codes, seats by index, tickets.
 *
 * The line of a show is fair. Locks of its row alone are not: they are shared among those who buy, so each of them goes
 * past a change of the show that waits already, and a busy sale kept a change of plan waiting for seconds.
 */
const lineOf = (show: ShowId) => `show:${show}`;

/** For those who sell seats of the show, many at a time. Before the show is locked. */
export async function queueToSell(sql: Sql, show: ShowId): Promise<void> {
  await sql.query('select pg_advisory_xact_lock_shared(hashtextextended($1, 0))', [lineOf(show)]);
}

/** For whoever changes the show itself, alone. Before the show is locked. */
export async function queueToChange(sql: Sql, show: ShowId): Promise<void> {
  await sql.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [lineOf(show)]);
}

/** To sell, and one at a time for each user and show: the seats one buyer may have are counted under it. */
export async function queueForCap(sql: Sql, user: UserId, show: ShowId): Promise<void> {
  await sql.query(
    'select pg_advisory_xact_lock_shared(hashtextextended($1, 0)), pg_advisory_xact_lock(hashtextextended($2, 0))',
    [lineOf(show), `cap:${user}:${show}`]
  );
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
