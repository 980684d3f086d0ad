import type { ShowId } from '#domain/ids.ts';
import type { RedisClient } from '../redis/connections.ts';
import type { Keys } from '../redis/keys.ts';

/**
 * Tells the keeper of the seat log which shows this node has changed: once in a while, whatever the number of clicks. It
 * is a hint. What is lost with this node, the keeper's walk over all shows finds.
 */
const TELL_MS = 400;

export interface ChangedShows {
  note(show: ShowId): void;
  close(): Promise<void>;
}

export function createChangedShows({ redis, keys }: { redis: RedisClient; keys: Keys }): ChangedShows {
  const changed = new Set<ShowId>();
  let timer: NodeJS.Timeout | undefined;

  async function tell() {
    timer = undefined;
    if (changed.size === 0) return;
    const shows = [...changed];
    changed.clear();
    await redis.sadd(keys.unkept, ...shows).catch(() => undefined);
  }

  return {
    note(show) {
      changed.add(show);
      timer ??= setTimeout(() => void tell(), TELL_MS).unref();
    },
    async close() {
      clearTimeout(timer);
      if (redis.status === 'ready') await tell();
    }
  };
}
