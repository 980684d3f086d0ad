import type { ShowId } from '#domain/ids.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { mastersOf, type RedisConnections } from '../redis/connections.ts';
import type { Keys } from '../redis/keys.ts';
import type { SeatState } from './seat-state.ts';

/**
 * Ends holds whose time is up. The sweep over the deadlines is the truth; Redis' expired event only makes it look
 * sooner, because the event is raised when Redis happens to delete the key: with 10,000 other keys that carry a TTL
 * it came 20 s late at the median (measured), and it is lost while the subscriber is away.
 */
const SWEEP_MS = 100;
const HOLDS_PER_SWEEP = 200;
const SHOWS_PER_CALL = 200;
/** A show is looked at no less often than this, whatever was known of its deadlines. */
const LOOK_AGAIN_MS = 1000;

export interface Sweeper {
  start(): void;
  /** This node has just made a hold that ends in `ms`: look at the show then. */
  expect(show: ShowId, ms: number): void;
  close(): Promise<void>;
}

export function createSweeper(parts: {
  redis: RedisConnections;
  keys: Keys;
  state: SeatState;
  metrics?: Pick<Metrics, 'releases' | 'releaseLag'> | undefined;
  log: Logger;
}): Sweeper {
  const { redis, keys, state, metrics, log } = parts;
  /** When each show is to be looked at next, by this process' monotonic clock. */
  const nextLook = new Map<ShowId, number>();
  let listedAt = -Infinity;
  let timer: NodeJS.Timeout | undefined;
  let sweeping: Promise<void> | undefined;
  let closed = false;

  function look(show: ShowId, inMs: number) {
    const at = performance.now() + inMs;
    if ((nextLook.get(show) ?? Infinity) > at) nextLook.set(show, at);
  }

  async function listShows() {
    const shows = new Set(await redis.commands.smembers(keys.shows));
    for (const show of shows) if (!nextLook.has(show)) nextLook.set(show, 0);
    for (const show of nextLook.keys()) if (!shows.has(show)) nextLook.delete(show);
  }

  async function sweep() {
    const now = performance.now();
    if (now - listedAt >= LOOK_AGAIN_MS) {
      await listShows();
      listedAt = now;
    }
    const shows = [...nextLook].filter(([, at]) => at <= now).map(([show]) => show);
    for (let at = 0; at < shows.length; at += SHOWS_PER_CALL) {
      const some = shows.slice(at, at + SHOWS_PER_CALL);
      const answers = await state.expire(some, HOLDS_PER_SWEEP);
      some.forEach((show, n) => {
        const answer = answers[n];
        if (answer && answer.ended > 0) {
          metrics?.releases.inc({ cause: 'sweep' }, answer.ended);
          metrics?.releaseLag.observe(answer.lateMs / 1000);
        }
        const wait = answer && answer.waitMs >= 0 ? Math.min(answer.waitMs, LOOK_AGAIN_MS) : LOOK_AGAIN_MS;
        nextLook.set(show, performance.now() + wait);
      });
    }
  }

  function schedule() {
    if (closed) return;
    // Jitter keeps many nodes from asking in the same millisecond.
    timer = setTimeout(run, SWEEP_MS * (0.9 + 0.2 * Math.random()));
  }

  function run() {
    sweeping = (redis.commands.status === 'ready' ? sweep() : Promise.resolve())
      .catch((error: unknown) => log.debug({ err: error }, 'a sweep failed; the next one follows'))
      .finally(schedule);
  }

  /** Turns expired events on where Redis lets us, keeping what others have turned on. */
  async function enableEvents() {
    try {
      for (const master of mastersOf(redis.commands)) {
        const [, flags = ''] = (await master.config('GET', 'notify-keyspace-events')) as [string, string?];
        const missing = [...'Ex'].filter((flag) => !flags.includes(flag) && !(flag === 'x' && flags.includes('A')));
        if (missing.length > 0) await master.config('SET', 'notify-keyspace-events', flags + missing.join(''));
      }
    } catch (error) {
      log.warn({ err: error }, 'Redis does not let us turn expired events on; holds end by the 100 ms sweep alone');
    }
  }

  function listen() {
    redis.hints.onExpired((key) => {
      const show = keys.showOfExpired(key);
      if (show) look(show, 0);
    });
  }

  return {
    start() {
      // A Redis that was replaced has forgotten the setting: turn it on at every new connection.
      redis.commands.on('ready', () => void enableEvents());
      // A node that joined the Cluster is such a one too.
      redis.commands.on('+node', () => void enableEvents());
      if (redis.commands.status === 'ready') void enableEvents();
      listen();
      schedule();
    },
    expect: (show, ms) => {
      look(show, ms);
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await sweeping;
    }
  };
}
