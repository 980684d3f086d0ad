import type { Sql } from '../db/database.ts';
import type { LogEntry } from '../seats/fold.ts';
import type { LiveShow } from './live-show.ts';
import type { Known } from './seat-log.ts';

/** Of a longer log, the last entries: an audit of a running sale must not take minutes. */
const ENTRIES_AT_MOST = 100_000;

/** What is kept of the log of a show's present epoch, and behind it what Redis still has. */
export async function wholeLog(sql: Sql, show: LiveShow): Promise<{ log: readonly LogEntry[]; known: Known }> {
  const before = show.log[0]?.version ?? show.version + 1;
  const { rows } = await sql.query<LogEntry>(
    `select epoch, version, state, seats, cause, hold_id as hold, buyer from seat_event
      where show_id = $1 and epoch = $2 and version < $3 order by version desc limit ${ENTRIES_AT_MOST}`,
    [show.id, show.epoch, before]
  );
  const log = [...rows.reverse(), ...show.log];
  const gaps = await sql.query<{ from: number; to: number | null }>(
    'select from_version as "from", to_version as "to" from seat_gap where show_id = $1 and epoch = $2',
    [show.id, show.epoch]
  );
  const first = await sql.query<{ map: Buffer }>(
    'select map from seat_keyframe where show_id = $1 and epoch = $2 and version = 0',
    [show.id, show.epoch]
  );
  const begins = log[0]?.version === 0 ? (first.rows[0]?.map ?? null) : null;
  return { log, known: { begins, gaps: gaps.rows } };
}
