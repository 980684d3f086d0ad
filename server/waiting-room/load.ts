import { monitorEventLoopDelay } from 'node:perf_hooks';
import { z } from 'zod';
import type { HoldTally } from '../seats/hold-tally.ts';
import type { RedisClient } from '../redis/connections.ts';
import type { Keys } from '../redis/keys.ts';

/** How loaded the nodes are: each writes what it has measured in the last second, and reads the others'. */
const FORGOTTEN_AFTER_MS = 5000;
const line = z.tuple([z.coerce.number(), z.coerce.number(), z.coerce.number()]);

export interface Load {
  loopMs: number;
  holdMs: number;
}

export function measureLoad(parts: { redis: RedisClient; keys: Keys; node: string; tally: HoldTally }) {
  const { redis, keys, node, tally } = parts;
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();

  return {
    /** The worst of all nodes. */
    async worst(): Promise<Load> {
      // The sampler's own 20 ms are no delay.
      const loopMs = Math.max(0, delay.percentile(99) / 1e6 - 20);
      const holdMs = tally.slowest();
      delay.reset();
      const [seconds] = await redis.time();
      const now = Number(seconds) * 1000;
      await redis.hset(keys.load, node, `${loopMs.toFixed(1)} ${holdMs.toFixed(1)} ${now}`);
      const worst = { loopMs, holdMs };
      for (const [name, value] of Object.entries(await redis.hgetall(keys.load))) {
        const read = line.safeParse(value.split(' '));
        if (!read.success || now - read.data[2] > FORGOTTEN_AFTER_MS) {
          await redis.hdel(keys.load, name);
          continue;
        }
        worst.loopMs = Math.max(worst.loopMs, read.data[0]);
        worst.holdMs = Math.max(worst.holdMs, read.data[1]);
      }
      return worst;
    },
    close: () => void delay.disable()
  };
}
