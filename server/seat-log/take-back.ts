import type { ShowId } from '#domain/ids.ts';
import type { Sql } from '../db/database.ts';
import type { RedisClient } from '../redis/connections.ts';
import type { Keys } from '../redis/keys.ts';
import { readStreamEntry } from './entries.ts';
import type { Kept } from './follow.ts';

/**
 * Redis has forgotten the last changes of a show (it restarted, or a replica took over that had not heard of them) and
 * gives their versions to others. What was kept of them is taken back to the last entry that both know, so that the kept
 * log is the way to the map that stands; the gap says that there was more.
 */
export async function takeBack(
  sql: Sql,
  { redis, keys }: { redis: RedisClient; keys: Keys },
  show: ShowId,
  { epoch, version }: Kept
): Promise<Kept> {
  const found = await redis.xrangeBuffer(keys.show(show).log, `${epoch}-0`, `${epoch}-${version}`);
  const inRedis = (found as [Buffer, Buffer[]][]).map(readStreamEntry);
  const { rows } = await sql.query<{ version: number; text: string }>(
    `select version, concat_ws(' ', state, array_to_string(seats, ','), cause, hold_id, buyer,
                               (extract(epoch from at) * 1000)::bigint) as text
       from seat_event where show_id = $1 and epoch = $2 and version >= $3 order by version`,
    [show, epoch, inRedis[0]?.version ?? version]
  );
  const keptTexts = new Map(rows.map((row) => [row.version, row.text]));
  const shared = inRedis.findLast((entry) => keptTexts.get(entry.version) === entry.text);
  const stands = shared ?? { version: (inRedis[0]?.version ?? 1) - 1, text: '', at: 0 };
  await sql.query('delete from seat_event where show_id = $1 and epoch = $2 and version > $3', [
    ...[show, epoch, stands.version]
  ]);
  await sql.query('delete from seat_keyframe where show_id = $1 and epoch = $2 and version > $3', [
    ...[show, epoch, stands.version]
  ]);
  await sql.query(
    `update seat_run r
        set kept = $3, last_entry = $4, ended = false,
            keyframed = (select max(k.version) from seat_keyframe k where k.show_id = r.show_id and k.epoch = r.epoch)
      where show_id = $1 and epoch = $2`,
    [show, epoch, stands.version, stands.text]
  );
  return { epoch, version: stands.version, last: stands.text, at: stands.at, ended: false };
}
