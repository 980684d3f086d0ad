import type { ShowId } from '#domain/ids.ts';
import { countStates, setSeatState, sizedMap, type SeatState } from '#domain/seat-map.ts';
import type { Sql } from '../db/database.ts';
import type { StreamEntry } from './entries.ts';

/**
 * Every so many entries the whole map is kept too: looking at a moment reads one map and no more than these. A map of
 * 15,000 seats is 3.75 kB before Postgres compresses it: 15 bytes an entry.
 */
export const ENTRIES_PER_KEYFRAME = 250;

export interface Keyframe {
  version: number;
  /** ms since 1970 */
  at: number;
  map: Uint8Array;
}

export async function writeKeyframe(
  sql: Sql,
  of: { show: ShowId; epoch: number; capacity: number },
  { version, at, map }: Keyframe
): Promise<void> {
  const { held, booked, blocked } = countStates(map, of.capacity);
  await sql.query(
    `insert into seat_keyframe (show_id, epoch, version, at, map, held, booked, blocked)
     values ($1, $2, $3, to_timestamp($4::float8 / 1000), $5, $6, $7, $8) on conflict do nothing`,
    [of.show, of.epoch, version, at, Buffer.from(map), held, booked, blocked]
  );
}

type Step = Pick<StreamEntry, 'version' | 'at' | 'state' | 'seats'>;

/** Writes the keyframes that have become due since `last`; answers the version of the latest one. */
export async function moreKeyframes(
  sql: Sql,
  of: { show: ShowId; epoch: number; capacity: number },
  last: number,
  upTo: number
): Promise<number> {
  const { rows } = await sql.query<{ map: Buffer }>(
    'select map from seat_keyframe where show_id = $1 and epoch = $2 and version = $3',
    [of.show, of.epoch, last]
  );
  const [from] = rows;
  if (!from) throw new Error(`show ${of.show} has no keyframe ${of.epoch}-${last}`);
  const map = sizedMap(from.map, of.capacity);
  let written = last;
  for (const step of await stepsBetween(sql, of, last, upTo)) {
    for (const seat of step.seats) setSeatState(map, seat, step.state);
    if (step.version - written < ENTRIES_PER_KEYFRAME) continue;
    await writeKeyframe(sql, of, { version: step.version, at: step.at, map });
    written = step.version;
  }
  return written;
}

async function stepsBetween(sql: Sql, of: { show: ShowId; epoch: number }, after: number, upTo: number) {
  const { rows } = await sql.query<Step & { state: SeatState }>(
    `select version, (extract(epoch from at) * 1000)::float8 as at, state, seats from seat_event
      where show_id = $1 and epoch = $2 and version > $3 and version <= $4 order by version`,
    [of.show, of.epoch, after, upTo]
  );
  return rows;
}
