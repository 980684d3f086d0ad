import type { CountsAt, ReplayPage, ReplayQuery, ReplayRun, SeatGap, SeatHistory } from '#domain/seat-events.ts';
import type { ShowId } from '#domain/ids.ts';
import { notFound } from '#domain/not-found.ts';
import type { Refusal } from '#domain/refusal.ts';
import { seatState, setSeatState, sizedMap, type SeatState } from '#domain/seat-map.ts';
import type { Sql } from '../db/database.ts';

/** The kept log for whoever plays it: where it can begin, how the sale went as a whole, and the entries page by page. */
const KEYFRAMES_PER_PAGE = 10;
const ENTRIES_PER_PAGE = 20_000;
const POINTS_AT_MOST = 300;
const MS = '(extract(epoch from at) * 1000)::float8';

interface RunRow {
  epoch: number;
  planId: string | null;
  capacity: number | null;
  from: number;
  to: number;
  last: number;
}
type KeyframeRow = CountsAt & { epoch: number; version: number };

export async function readHistory(sql: Sql, show: ShowId, planNow: string): Promise<SeatHistory> {
  const { rows } = await sql.query<RunRow>(
    `select epoch, plan_id as "planId", capacity, kept as last, (extract(epoch from began_at) * 1000)::float8 as "from",
            (extract(epoch from kept_at) * 1000)::float8 as "to"
       from seat_run where show_id = $1 order by epoch`,
    [show]
  );
  const keyframes = await sql.query<KeyframeRow>(
    `select epoch, version, ${MS} as at, held, booked, blocked from seat_keyframe where show_id = $1 order by epoch, version`,
    [show]
  );
  const runs: ReplayRun[] = [];
  const series: SeatHistory['series'] = [];
  for (const { capacity, planId, ...run } of rows) {
    const frames = keyframes.rows.filter(({ epoch }) => epoch === run.epoch);
    const last = frames.at(-1);
    if (capacity === null || !last) continue;
    const starts = frames.filter((_, n) => n % KEYFRAMES_PER_PAGE === 0).map(({ version, at }) => ({ version, at }));
    runs.push({ ...run, capacity, planId: planId ?? planNow, starts });
    const each = Math.ceil(frames.length / POINTS_AT_MOST);
    for (const { at, held, booked, blocked } of frames.filter((_, n) => n % each === 0))
      series.push({ at, held, booked, blocked, capacity });
    for (const point of await countsAfter(sql, show, last, capacity)) series.push({ ...point, capacity });
  }
  return { runs, series, gaps: await readGaps(sql, show) };
}

export async function readGaps(sql: Sql, show: ShowId): Promise<SeatGap[]> {
  const { rows } = await sql.query<Omit<SeatGap, 'noticedAt'> & { noticedAt: Date }>(
    `select epoch, from_version as "from", to_version as "to", reason, noticed_at as "noticedAt"
       from seat_gap where show_id = $1 order by id limit 100`,
    [show]
  );
  return rows.map((gap) => ({ ...gap, noticedAt: gap.noticedAt.toISOString() }));
}

interface Entry {
  version: number;
  at: number;
  state: SeatState;
  seats: number[];
}

async function readEntries(sql: Sql, show: ShowId, { epoch, from, to }: ReplayQuery): Promise<Entry[]> {
  const { rows } = await sql.query<Entry>(
    `select version, ${MS} as at, state, seats from seat_event
      where show_id = $1 and epoch = $2 and version > $3 and version <= $4 order by version limit ${ENTRIES_PER_PAGE}`,
    [show, epoch, from, to]
  );
  return rows;
}

/** What the last keyframe does not know yet. */
async function countsAfter(sql: Sql, show: ShowId, last: KeyframeRow, capacity: number): Promise<CountsAt[]> {
  const map = await readMap(sql, show, last.epoch, last.version);
  if (!map) return [];
  const states = sizedMap(map.map, capacity);
  const { held, booked, blocked } = last;
  const counts: [number, number, number, number] = [0, held, booked, blocked];
  const points: CountsAt[] = [];
  const to = Number.MAX_SAFE_INTEGER;
  for (const { at, state, seats } of await readEntries(sql, show, { epoch: last.epoch, from: last.version, to })) {
    for (const seat of seats) {
      counts[seatState(states, seat)]--;
      counts[state]++;
      setSeatState(states, seat, state);
    }
    points.push({ at, held: counts[1], booked: counts[2], blocked: counts[3] });
  }
  return points;
}

async function readMap(sql: Sql, show: ShowId, epoch: number, version: number) {
  const { rows } = await sql.query<{ map: Buffer; at: number }>(
    `select map, ${MS} as at from seat_keyframe where show_id = $1 and epoch = $2 and version = $3`,
    [show, epoch, version]
  );
  return rows[0];
}

/** Refuses NOT_FOUND where no map is kept. */
export async function readReplayPage(sql: Sql, show: ShowId, query: ReplayQuery): Promise<ReplayPage | Refusal> {
  const begins = await readMap(sql, show, query.epoch, query.from);
  if (!begins) return notFound('kept_map');
  const entries = await readEntries(sql, show, query);
  let last = Math.round(begins.at);
  return {
    ...{ epoch: query.epoch, from: query.from, map: begins.map.toString('base64'), at: last },
    steps: entries.map(({ at }) => {
      const step = Math.round(at) - last;
      last = Math.round(at);
      return step;
    }),
    states: entries.map(({ state }) => state).join(''),
    seats: entries.map(({ seats }) => seats),
    versions: entries.map(({ version }) => version)
  };
}
