import { z } from 'zod';
import type { ReplayPage, ReplayQuery, SeatEventsPage, SeatEventsQuery, SeatHistory } from '#domain/seat-events.ts';
import type { ShowId } from '#domain/ids.ts';
import type { Plan } from '#domain/plan.ts';
import { isRefusal, type Refusal } from '#domain/refusal.ts';
import { readOwnShow } from '../catalog/own-shows.ts';
import type { Manager } from '../catalog/ownership.ts';
import type { Config } from '../config.ts';
import type { Database } from '../db/database.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { RedisClient } from '../redis/connections.ts';
import type { Seats } from '../seats/seats.ts';
import { createKeeper, type Keeper, type KeeperOptions } from './keeper.ts';
import { readHistory, readReplayPage } from './history.ts';
import { keepMonths } from './months.ts';
import { plansOf, readSeatEvents, seatIn } from './seat-events.ts';

/** So many entries stay in Redis: more than a node reads at once, and what the pulse of the control room shows. */
const TAIL = 10_000;

/** What the keeper notes of itself. */
const lagNote = z.object({ at: z.number(), behindMs: z.number() });

/** What happened to every seat, for longer than Redis remembers. */
export interface SeatLog {
  readonly keeper: Keeper;
  /** Makes the partitions of the coming months and drops those whose time is over. */
  keepMonths(): Promise<void>;
  /** What can be played, and how the sale went over time. */
  history(by: Manager, show: ShowId): Promise<SeatHistory | Refusal>;
  /** A kept map and the entries that follow it. */
  replay(by: Manager, show: ShowId, query: ReplayQuery): Promise<ReplayPage | Refusal>;
  /** What happened to one seat, or to all. Refuses INVALID when the name is not that of one seat. */
  events(by: Manager, show: ShowId, query: SeatEventsQuery): Promise<SeatEventsPage | Refusal>;
}

export interface SeatLogParts {
  db: Database;
  redis: RedisClient;
  seats: Seats;
  config: Config;
  log: Logger;
  planOf: (id: string) => Promise<Plan | null>;
  metrics?: Metrics;
}

export function createSeatLog(parts: SeatLogParts, given: Partial<KeeperOptions & { tail: number }> = {}): SeatLog {
  const { db, redis, seats, config, metrics, planOf } = parts;
  const log = parts.log.child({ part: 'seat-log' });
  const { keys } = seats;
  const months = () => keepMonths(db, config.seatLogDays, log);
  const keeper = createKeeper({ db, redis, keys, seats, log, tail: given.tail ?? TAIL }, { prepare: months, ...given });
  metrics?.measured('fullhouse_seat_log_lag_seconds', 'How long the seat log waits to be kept.', async () => {
    const [noted, [seconds]] = await Promise.all([redis.get(keys.logLag), redis.time()]);
    if (noted === null) return 0;
    const { at, behindMs } = lagNote.parse(JSON.parse(noted));
    return Math.max(behindMs, Number(seconds) * 1000 - at, 0) / 1000;
  });
  metrics?.measured('fullhouse_seat_log_gaps', 'Places at which entries of the seat log are missing.', async () => {
    const { rows } = await db.query<{ count: number }>('select count(*) from seat_gap');
    return rows[0]?.count ?? 0;
  });
  return {
    keeper,
    keepMonths: months,
    async history(by, show) {
      const own = await readOwnShow(db, by, show);
      return isRefusal(own) ? own : readHistory(db, show, own.plan.id);
    },
    async replay(by, show, query) {
      const own = await readOwnShow(db, by, show);
      return isRefusal(own) ? own : readReplayPage(db, show, query);
    },
    async events(by, show, query) {
      const own = await readOwnShow(db, by, show);
      if (isRefusal(own)) return own;
      const named = query.seat ?? '';
      const wanted = named === '' ? null : await seatIn(await plansOf(db, show, own.plan.id), named, planOf);
      if (isRefusal(wanted)) return wanted;
      return readSeatEvents(db, { id: show, planId: own.plan.id }, query, wanted);
    }
  };
}
