import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { RedisClient } from '../redis/connections.ts';
import type { Keys } from '../redis/keys.ts';
import { LEASE_MS, type OnceRequest, type OnceStore } from './store.ts';

const KEPT_MS = 24 * 3600 * 1000;

const entry = z.object({
  hash: z.string(),
  lease: z.string(),
  answer: z.object({ status: z.number(), contentType: z.string().nullable(), body: z.string() }).optional()
});

/** For what moves seats alone: as quick as a click, and what it forgets with Redis is forgotten with the holds. */
export function inRedis(redis: RedisClient, keys: Keys): OnceStore {
  const nameOf = ({ caller, key }: OnceRequest) =>
    keys.once(
      createHash('sha256')
        .update(JSON.stringify([caller, key]))
        .digest('base64url')
    );

  return {
    async begin(request) {
      const lease = randomUUID();
      const name = nameOf(request);
      const value = JSON.stringify({ hash: request.hash, lease } satisfies z.infer<typeof entry>);
      if ((await redis.set(name, value, 'PX', LEASE_MS, 'NX')) !== null) return { state: 'ours', lease };
      const text = await redis.get(name);
      // Gone in this very moment: to be begun once more.
      if (text === null) return { state: 'busy' };
      const { hash, answer } = entry.parse(JSON.parse(text));
      if (hash !== request.hash) return { state: 'otherwise' };
      return answer ? { state: 'answered', answer } : { state: 'busy' };
    },

    async finish(request, lease, answer) {
      await redis.set(nameOf(request), JSON.stringify({ hash: request.hash, lease, answer }), 'PX', KEPT_MS);
    },

    async abandon(request) {
      await redis.del(nameOf(request));
    }
  };
}
