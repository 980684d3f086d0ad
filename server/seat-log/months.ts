import type { Database, Sql } from '../db/database.ts';
import type { Logger } from '../log.ts';

/**
 * The partitions of seat_event, one a month (UTC): made ahead, and dropped when their time is over, by functions of the
 * schema's owner (migration 0023), for the service itself may not change the schema. Made ahead also
 * because whoever reads just while rows move out of the partition for the rest may miss them for that one time.
 */
const MONTHS_AHEAD = 2;
// Any number will do, as long as every worker uses the same: one keeps the log or changes its partitions, not both.
export const KEEPER_LOCK = 7_305_119;
const DAY_MS = 86_400_000;

const monthAfter = (month: Date, count: number) =>
  new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + count, 1));

export async function keepMonths(db: Database, days: number, log: Logger, now = new Date()): Promise<void> {
  await db.transaction(async (sql) => {
    // Whoever copies into a partition that is attached or dropped waits; not for long, and else this is tried again.
    await sql.query(`set local lock_timeout = '5s'`);
    await sql.query('select pg_advisory_xact_lock($1)', [KEEPER_LOCK]);
    for (let n = 0; n <= MONTHS_AHEAD; n++) await makeMonth(sql, monthAfter(now, n), log);
  });
  await db.transaction(async (sql) => {
    await sql.query(`set local lock_timeout = '5s'`);
    await dropOld(sql, new Date(now.getTime() - days * DAY_MS), log);
  });
}

/** What fell into the partition for the rest, because the month was not there yet, moves. */
async function makeMonth(sql: Sql, month: Date, log: Logger): Promise<void> {
  const { rows } = await sql.query<{ moved: number | null }>('select make_seat_event_month($1) as moved', [month]);
  const moved = rows[0]?.moved ?? null;
  if (moved !== null) log.info({ month: month.toISOString().slice(0, 7), moved }, 'made a month of the seat log');
}

async function dropOld(sql: Sql, before: Date, log: Logger): Promise<void> {
  const { rows } = await sql.query<{ name: string }>('select drop_seat_event_months($1) as name', [before]);
  for (const { name } of rows) log.info({ name }, 'dropped a month of the seat log');
  const firstKept = monthAfter(before, 0);
  for (const statement of [
    'delete from seat_event_rest where at < $1',
    'delete from seat_keyframe where at < $1',
    // How far a log is kept must be known as long as the show may change once more.
    `delete from seat_run r where kept_at < $1 and (not exists (select 1 from show where id = r.show_id)
        or exists (select 1 from seat_run n where n.show_id = r.show_id and n.epoch > r.epoch))`,
    `delete from seat_gap g where noticed_at < $1
        and not exists (select 1 from seat_run r where r.show_id = g.show_id and r.epoch = g.epoch)`
  ]) {
    await sql.query(statement, [firstKept]);
  }
}
