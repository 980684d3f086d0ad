import type { ShowId } from '#domain/ids.ts';
import type { Logger } from '../log.ts';
import type { RedisClient } from '../redis/connections.ts';
import type { Keys } from '../redis/keys.ts';

/**
 * How many people watch a show, over all nodes: each node writes its own number every few seconds and adds up
 * the others'. No node is asked anything, so a dead one cannot make the others wait.
 */
const EVERY_MS = 5000;
const FORGOTTEN_AFTER_MS = 15_000;

export interface Viewers {
  /** This node's number is read from `local` at each round. */
  count(show: ShowId): number;
  /** The shows that somebody on this node watches, with their numbers over all nodes. */
  watched(): Map<ShowId, number>;
  /** The numbers over all nodes of shows that nobody here may be watching. */
  totals(shows: readonly ShowId[]): Promise<Map<ShowId, number>>;
  watch(show: ShowId): void;
  unwatch(show: ShowId): void;
  close(): void;
}

export function createViewers(parts: {
  redis: RedisClient;
  keys: Keys;
  node: string;
  local: (show: ShowId) => number;
  changed: (show: ShowId, count: number) => void;
  log: Logger;
}): Viewers {
  const { redis, keys, node, local, changed, log } = parts;
  const totals = new Map<ShowId, { others: number; told: number }>();

  async function round(show: ShowId) {
    const key = keys.show(show).viewers;
    // By Redis' clock: the nodes' own may differ by minutes.
    const [seconds] = await redis.time();
    const now = Number(seconds) * 1000;
    const answers = await redis
      .pipeline()
      .hset(key, node, `${local(show)} ${now}`)
      .pexpire(key, FORGOTTEN_AFTER_MS)
      .hgetall(key)
      .exec();
    const all = (answers?.[2]?.[1] ?? {}) as Record<string, string>;
    const others = addUp(all, now);
    const known = totals.get(show);
    if (!known) return;
    known.others = others;
    const total = others + local(show);
    if (total === known.told) return;
    known.told = total;
    changed(show, total);
  }

  function addUp(byNode: Readonly<Record<string, string>>, now: number): number {
    let others = 0;
    for (const [name, value] of Object.entries(byNode)) {
      const [count = 0, at = 0] = value.split(' ').map(Number);
      if (name !== node && now - at < FORGOTTEN_AFTER_MS) others += count;
    }
    return others;
  }

  const timer = setInterval(() => {
    for (const show of totals.keys()) {
      round(show).catch((error: unknown) => log.debug({ err: error, show }, 'could not count the viewers'));
    }
  }, EVERY_MS);

  return {
    count: (show) => (totals.get(show)?.others ?? 0) + local(show),
    watched: () => new Map([...totals].map(([show, { others }]) => [show, others + local(show)])),
    async totals(shows) {
      const [seconds] = await redis.time();
      const now = Number(seconds) * 1000;
      const answers = await Promise.all(shows.map((show) => redis.hgetall(keys.show(show).viewers)));
      return new Map(shows.map((show, n) => [show, addUp(answers[n] ?? {}, now) + local(show)]));
    },
    watch(show) {
      if (!totals.has(show)) totals.set(show, { others: 0, told: -1 });
    },
    unwatch(show) {
      if (local(show) > 0 || !totals.delete(show)) return;
      redis.hdel(keys.show(show).viewers, node).catch(() => undefined);
    },
    close: () => clearInterval(timer)
  };
}
