import type { ShowId } from '#domain/ids.ts';
import { isRefusal } from '#domain/refusal.ts';
import { faultPoint } from '../booking/fault-points.ts';
import type { Database, Sql } from '../db/database.ts';
import type { RedisClient } from '../redis/connections.ts';
import type { Keys } from '../redis/keys.ts';
import { pipelined } from '../redis/pipelined.ts';
import type { Seats } from '../seats/seats.ts';
import { copyEntries } from './copy.ts';
import { readStreamEntry, type StreamEntry } from './entries.ts';
import { follow, streamId, type Gap, type Kept, type RunPart, type ShowPart, type StreamId } from './follow.ts';
import { ENTRIES_PER_KEYFRAME, moreKeyframes, writeKeyframe } from './keyframes.ts';
import { KEEPER_LOCK } from './months.ts';
import { takeBack } from './take-back.ts';

/**
 * One batch: what is new in the logs of some shows goes into Postgres in one transaction, together with how far each is
 * kept now. Whoever dies before the commit has done nothing; whoever dies after it has not trimmed, and the next one
 * reads on from where the commit says. Only then is the stream trimmed, and never further than that.
 */
const ENTRIES_PER_SHOW = 2000;

export interface KeepParts {
  db: Database;
  redis: RedisClient;
  keys: Keys;
  seats: Pick<Seats, 'snapshot'>;
  /** So many entries stay in Redis though they are kept: what a node that falls behind reads, and the pulse. */
  tail: number;
}

export interface Batch {
  kept: number;
  gaps: (Gap & { show: ShowId })[];
  /** These have more than fits into one batch. */
  more: ShowId[];
  /** By Redis' clock (ms since 1970), of the first entry that was not kept before. */
  oldest: number | null;
}

/** 'busy' when another worker keeps at this moment. */
export async function keepBatch(parts: KeepParts, shows: readonly ShowId[]): Promise<Batch | 'busy'> {
  const { db } = parts;
  const done = await db.transaction(async (sql) => {
    const { rows } = await sql.query<{ mine: boolean }>('select pg_try_advisory_xact_lock($1) as mine', [KEEPER_LOCK]);
    if (!rows[0]?.mine) return 'busy' as const;
    const known = await readKept(sql, shows);
    const read = await readStreams(parts, shows, known);
    const gaps: Batch['gaps'] = [];
    const followed: ShowPart[] = [];
    for (const { show, entries, newest } of read) {
      let part = follow(known.get(show) ?? null, entries, newest);
      const kept = known.get(show);
      if (part === 'went-back' && kept) {
        const stands = await takeBack(sql, parts, show, kept);
        gaps.push({ show, epoch: kept.epoch, from: stands.version + 1, to: kept.version, reason: 'went-back' });
        part = follow(stands, await readStream(parts, show, stands), null);
      }
      if (part === 'went-back') throw new Error(`the log of show ${show} goes back again and again`);
      followed.push({ show, ...part });
      gaps.push(...part.gaps.map((gap) => ({ show, ...gap })));
    }
    const kept = await copyEntries(sql, followed);
    faultPoint('seat-log:after-copy');
    await writeGaps(sql, gaps);
    for (const { show, runs } of followed) for (const run of runs) await writeRun(sql, parts, show, run);
    const more = followed.filter(({ entries }) => entries.length >= ENTRIES_PER_SHOW).map(({ show }) => show);
    const first = followed.flatMap(({ entries: [entry] }) => (entry ? [entry.at] : []));
    return { kept, gaps, more, oldest: first.length > 0 ? Math.min(...first) : null, followed };
  }, 'read committed');
  if (done === 'busy') return 'busy';
  faultPoint('seat-log:after-commit');
  await trim(parts, done.followed);
  return done;
}

export async function readKept(sql: Sql, shows: readonly ShowId[]): Promise<Map<ShowId, Kept>> {
  const { rows } = await sql.query<Kept & { show: ShowId }>(
    `select distinct on (show_id) show_id as show, epoch, kept as version, last_entry as last, ended,
            (extract(epoch from kept_at) * 1000)::float8 as at
       from seat_run where show_id = any($1) order by show_id, epoch desc`,
    [shows]
  );
  return new Map(rows.map(({ show, ...kept }) => [show, kept]));
}

const startOf = (kept: Kept | undefined) => (kept ? `${kept.epoch}-${kept.version}` : '-');

async function readStreams({ redis, keys }: KeepParts, shows: readonly ShowId[], known: ReadonlyMap<ShowId, Kept>) {
  const answers = await pipelined(redis, shows, (pipeline, show) => {
    const { log } = keys.show(show);
    // One more than fits: the first one is the last that was kept.
    pipeline.xrangeBuffer(log, startOf(known.get(show)), '+', 'COUNT', ENTRIES_PER_SHOW + 1);
    pipeline.xrevrange(log, '+', '-', 'COUNT', 1);
  });
  return shows.map((show, n) => {
    const entries = answers[2 * n] as [Buffer, Buffer[]][];
    const [newest] = answers[2 * n + 1] as [string, string[]][];
    const last: StreamId | null = newest ? streamId(newest[0]) : null;
    return { show, entries: entries.map(readStreamEntry), newest: last };
  });
}

async function readStream({ redis, keys }: KeepParts, show: ShowId, kept: Kept): Promise<StreamEntry[]> {
  const found = await redis.xrangeBuffer(keys.show(show).log, startOf(kept), '+', 'COUNT', ENTRIES_PER_SHOW + 1);
  return (found as [Buffer, Buffer[]][]).map(readStreamEntry);
}

async function writeGaps(sql: Sql, gaps: Batch['gaps']): Promise<void> {
  for (const { show, epoch, from, to, reason } of gaps) {
    await sql.query(
      'insert into seat_gap (show_id, epoch, from_version, to_version, reason) values ($1, $2, $3, $4, $5)',
      [show, epoch, from, to, reason]
    );
  }
}

/** How far the run is kept now, and the maps that are due. */
async function writeRun(sql: Sql, parts: KeepParts, show: ShowId, run: RunPart): Promise<void> {
  const { epoch, begins, first, last, ended } = run;
  const { rows } = await sql.query<{ capacity: number | null; keyframed: number | null }>(
    `insert into seat_run (show_id, epoch, plan_id, capacity, kept, last_entry, keyframed, began_at, kept_at, ended)
     values ($1, $2, $3, $4, $5, $6, $7, to_timestamp($8::float8 / 1000), to_timestamp($9::float8 / 1000), $10)
     on conflict on constraint seat_run_pkey do update
        set kept = excluded.kept, last_entry = excluded.last_entry, kept_at = excluded.kept_at, ended = excluded.ended,
            keyframed = case when $11 then null else seat_run.keyframed end
     returning capacity, keyframed`,
    [
      ...[show, epoch, begins?.plan ?? null, begins?.capacity ?? null, last.version, last.text],
      ...[begins ? first.version : null, first.at, last.at, ended, run.broken]
    ]
  );
  const { capacity, keyframed: before } = rows[0] ?? { capacity: null, keyframed: null };
  if (begins)
    await writeKeyframe(...([sql, { show, epoch, capacity: begins.capacity }] as const), {
      version: first.version,
      at: first.at,
      map: begins.map
    });
  let keyframed = before;
  if (before === null || capacity === null) keyframed = ended ? null : await mapAsItIs(sql, parts, show, epoch);
  else if (last.version - before >= ENTRIES_PER_KEYFRAME)
    keyframed = await moreKeyframes(sql, { show, epoch, capacity }, before, last.version);
  if (keyframed !== before)
    await sql.query('update seat_run set keyframed = $3 where show_id = $1 and epoch = $2', [show, epoch, keyframed]);
}

/** After a gap: the map as Redis has it now is where looking can begin again. */
async function mapAsItIs(sql: Sql, { seats, redis, keys }: KeepParts, show: ShowId, epoch: number) {
  const now = await seats.snapshot(show);
  if (isRefusal(now) || now.epoch !== epoch) return null;
  const { version, capacity, map } = now;
  const plan = await redis.hget(keys.show(show).meta, 'plan');
  await sql.query('update seat_run set plan_id = $3, capacity = $4 where show_id = $1 and epoch = $2', [
    ...[show, epoch, plan, capacity]
  ]);
  await writeKeyframe(sql, { show, epoch, capacity }, { version, at: now.now, map });
  return version;
}

/** Everything before the tail of what is kept. */
async function trim({ redis, keys, tail }: KeepParts, parts: readonly ShowPart[]): Promise<void> {
  const grown = parts.flatMap(({ show, entries }) => {
    const last = entries.at(-1);
    return last ? [{ show, from: `${last.epoch}-${Math.max(0, last.version - tail)}` }] : [];
  });
  await pipelined(redis, grown, (pipeline, { show, from }) => pipeline.xtrim(keys.show(show).log, 'MINID', from));
}
