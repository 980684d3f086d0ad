import { setTimeout as pause } from 'node:timers/promises';
import { busy, refuse, type Refusal } from '#domain/refusal.ts';
import type { Database } from '../db/database.ts';
import type { Logger } from '../log.ts';
import type { RedisClient } from '../redis/connections.ts';
import type { Keys } from '../redis/keys.ts';
import { inPostgres } from './in-postgres.ts';
import { inRedis } from './in-redis.ts';
import type { Begun, KeptAnswer, OnceRequest } from './store.ts';

export type { KeptAnswer, OnceRequest } from './store.ts';

/** What a request moves: money is remembered by Postgres, seats alone by Redis. */
export type Moves = 'money' | 'seats';

/** The same request once more gets the same answer and does nothing. */
export interface Idempotency {
  /**
   * Does the work unless it has been done under this key. Two at once: one does it, the other waits for its answer.
   * Refuses IDEMPOTENCY_CONFLICT when the key was used for something else, BUSY when the other one takes too long.
   */
  once(
    moves: Moves,
    request: OnceRequest,
    work: () => Promise<KeptAnswer>
  ): Promise<{ answer: KeptAnswer; replayed: boolean } | Refusal>;
}

/** How long the second of two waits for the first (ms), and how often it looks. */
const PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 50;

/**
 * What was decided is kept, be it yes or no. What was not even tried (not signed in, not valid, too many requests, a part
 * is away) may be tried again under the same key.
 */
const isDecided = ({ status }: KeptAnswer) => status < 300 || status === 409 || status === 410;

const conflict = () =>
  refuse(
    'IDEMPOTENCY_CONFLICT',
    'This Idempotency-Key was used for another request. Choose a new key for a new request.'
  );

export function createIdempotency(parts: { db: Database; redis: RedisClient; keys: Keys; log: Logger }): Idempotency {
  const log = parts.log.child({ part: 'idempotency' });
  const stores = { money: inPostgres(parts.db), seats: inRedis(parts.redis, parts.keys) };

  return {
    async once(moves, request, work) {
      const store = stores[moves];
      const begun = await patiently(() => store.begin(request));
      if (begun.state === 'otherwise') return conflict();
      if (begun.state === 'answered') return { answer: begun.answer, replayed: true };
      if (begun.state === 'busy') return busy('The same request is still being worked on. Ask again in a moment.');
      const { lease } = begun;
      try {
        const answer = await work();
        await (isDecided(answer) ? store.finish(request, lease, answer) : store.abandon(request, lease)).catch(
          // It is done; whoever asks again finds that out when the lease has run out.
          (error: unknown) => log.warn({ err: error }, 'an answer could not be kept')
        );
        return { answer, replayed: false };
      } catch (error) {
        await store.abandon(request, lease).catch(() => undefined);
        throw error;
      }
    }
  };
}

async function patiently(begin: () => Promise<Begun>): Promise<Begun> {
  const started = performance.now();
  for (;;) {
    const begun = await begin();
    if (begun.state !== 'busy' || performance.now() - started > PATIENCE_MS) return begun;
    await pause(LOOK_EVERY_MS);
  }
}
