import type { ShowId } from '#domain/ids.ts';
import type { Logger } from '../log.ts';
import { pipelined } from '../redis/pipelined.ts';
import { streamId } from './follow.ts';
import { keepBatch, readKept, type KeepParts } from './keep.ts';

/**
 * Keeps the seat log, again and again, in the worker. Which shows have changed the nodes tell (seats/changed-shows.ts), so
 * a pass costs as much as has changed; what was never told, or was told to a worker that died, a walk over all shows finds.
 */
const EVERY_MS = 1000;
const WALK_MS = 60_000;
const SHOWS_PER_BATCH = 20;
const SHOWS_PER_WALK = 500;
const PATIENCE_MS = 8000;

export interface KeeperOptions {
  everyMs: number;
  walkEveryMs: number;
  /** Done once, before anything is kept by itself. */
  prepare: () => Promise<void>;
}

export interface Keeper {
  start(): void;
  /** Keeps what the nodes have told of. Answers how many entries it were. */
  pass(): Promise<number>;
  /** Finds every show whose log is not kept to its end, told of or not. */
  walk(): Promise<ShowId[]>;
  close(): Promise<void>;
}

export function createKeeper(parts: KeepParts & { log: Logger }, given: Partial<KeeperOptions> = {}): Keeper {
  const { db, redis, keys, log } = parts;
  const options = { everyMs: EVERY_MS, walkEveryMs: WALK_MS, prepare: () => Promise.resolve(), ...given };
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let closed = false;
  let walkedAt = -Infinity;
  let prepared = false;

  /** How long the oldest of the new entries has waited (ms), for the metric: whichever node is asked. */
  async function noteLag(oldest: number | null) {
    const [seconds, micros] = await redis.time();
    const now = Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
    await redis.set(
      keys.logLag,
      JSON.stringify({ at: now, behindMs: oldest === null ? 0 : Math.max(0, now - oldest) })
    );
  }

  /** These are to be kept, by whoever comes next, if we cannot. */
  async function keepAll(shows: readonly ShowId[]): Promise<number> {
    let entries = 0;
    let oldest: number | null = null;
    let left = [...shows];
    try {
      while (left.length > 0 && !closed) {
        const some = left.slice(0, SHOWS_PER_BATCH);
        const batch = await keepBatch(parts, some);
        // Another worker keeps: it will find these told of again.
        if (batch === 'busy') break;
        entries += batch.kept;
        if (batch.oldest !== null) oldest = Math.min(oldest ?? Infinity, batch.oldest);
        for (const gap of batch.gaps) log.warn(gap, 'entries of the seat log are missing; the gap is written down');
        left = [...batch.more, ...left.slice(SHOWS_PER_BATCH)];
      }
    } finally {
      if (left.length > 0) await redis.sadd(keys.unkept, ...left).catch(() => undefined);
    }
    if (left.length === 0) await noteLag(oldest);
    return entries;
  }

  async function pass(): Promise<number> {
    const told: ShowId[] = [];
    for (;;) {
      const some = await redis.spop(keys.unkept, SHOWS_PER_WALK);
      told.push(...some);
      if (some.length < SHOWS_PER_WALK) break;
    }
    return keepAll([...new Set(told)]);
  }

  async function walk(): Promise<ShowId[]> {
    const behind: ShowId[] = [];
    let cursor = '0';
    do {
      const [next, shows] = await redis.sscan(keys.shows, cursor, 'COUNT', SHOWS_PER_WALK);
      cursor = next;
      behind.push(...(await behindAmong(shows)));
    } while (cursor !== '0');
    return behind;
  }

  async function behindAmong(shows: readonly ShowId[]): Promise<ShowId[]> {
    if (shows.length === 0) return [];
    const answers = await pipelined(redis, shows, (pipeline, show) =>
      pipeline.xrevrange(keys.show(show).log, '+', '-', 'COUNT', 1)
    );
    const kept = await readKept(db, shows);
    return shows.filter((show, n) => {
      const [newest] = answers[n] as [string, string[]][];
      if (!newest) return false;
      const { epoch, version } = streamId(newest[0]);
      const known = kept.get(show);
      return known?.epoch !== epoch || known.version !== version;
    });
  }

  async function work() {
    if (redis.status !== 'ready') return;
    if (!prepared) await options.prepare();
    prepared = true;
    if (performance.now() - walkedAt >= options.walkEveryMs) {
      const behind = await walk();
      if (behind.length > 0) await redis.sadd(keys.unkept, ...behind);
      walkedAt = performance.now();
    }
    await pass();
  }

  function schedule() {
    if (closed) return;
    timer = setTimeout(() => {
      running = work()
        .catch((error: unknown) => log.warn({ err: error }, 'the seat log could not be kept; the next pass goes on'))
        .finally(schedule);
    }, options.everyMs);
  }

  return {
    start() {
      if (timer === undefined) schedule();
    },
    pass,
    walk,
    async close() {
      closed = true;
      clearTimeout(timer);
      let limit: NodeJS.Timeout | undefined;
      await Promise.race([running, new Promise((resolve) => (limit = setTimeout(resolve, PATIENCE_MS)))]);
      clearTimeout(limit);
    }
  };
}
