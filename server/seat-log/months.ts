import type { Database, Sql } from '../db/database.ts';
import type { Logger } from '../log.ts';

/**
 * The partitions of seat_event, one a month (UTC): made ahead, and dropped when their time is over. Made ahead also
 * because whoever reads just while rows move out of the partition for the rest may miss them for that one time.
 */
const MONTHS_AHEAD = 2;
// Any number will do, as long as every worker uses the same: one keeps the log or changes its partitions, not both.
export const KEEPER_LOCK = 7_305_119;
const DAY_MS = 86_400_000;

const nameOf = (month: Date) => `seat_event_${month.toISOString().slice(0, 7).replace('-', '_')}`;
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
  const name = nameOf(month);
  const found = await sql.query('select 1 from pg_class where oid = to_regclass($1)', [name]);
  if (found.rowCount) return;
  const [from, to] = [month, monthAfter(month, 1)].map((day) => `'${day.toISOString()}'`);
  await sql.query(`create table ${name} (like seat_event including defaults including constraints)`);
  const moved = await sql.query(
    `with moved as (delete from seat_event_rest where at >= ${from} and at < ${to} returning *)
     insert into ${name} select * from moved`
  );
  await sql.query(`alter table seat_event attach partition ${name} for values from (${from}) to (${to})`);
  log.info({ name, moved: moved.rowCount }, 'made a month of the seat log');
}

async function dropOld(sql: Sql, before: Date, log: Logger): Promise<void> {
  const { rows } = await sql.query<{ name: string }>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'seat_event'::regclass and c.relname < $1 and c.relname ~ '^seat_event_[0-9]{4}_[0-9]{2}$'`,
    [nameOf(before)]
  );
  for (const { name } of rows) {
    await sql.query(`drop table ${name}`);
    log.info({ name }, 'dropped a month of the seat log');
  }
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
