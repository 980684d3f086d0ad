import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { Metrics } from '../metrics.ts';
import type { RedisClient } from '../redis/connections.ts';
import type { Keys } from '../redis/keys.ts';
import { createVersions, type Versions } from './versions.ts';

/**
 * What was read from Postgres, kept in Redis for all nodes until something it was made of changes. A value is kept
 * with the versions its tags had when it was read, and counts only as long as they still have them: to forget it,
 * nobody needs to know that it is there.
 *
 * That no read is older than a write that was acknowledged before it began, rests on the order of things:
 *
 *   a write   marks that it is under way, gives its tags new versions, commits, gives them new versions again,
 *             takes its mark away, is acknowledged
 *   a fill    sees that no write is under way and notes the catalogue's version, reads Postgres, notes the versions of
 *             the value's tags, and keeps it only if the catalogue's version is the same and no write is under way
 *
 * A node that dies after its commit has changed the versions before; its mark ends by itself. What the cache cannot be
 * told (Redis is away from the writer alone, or loses what it was told) is bounded by KEPT_MS.
 */
export interface Cache {
  /** The value of `key` as `read` would read it now; null, which is not kept, when there is none. Plain JSON only. */
  cached<T>(key: string, read: () => Promise<Fresh<T> | null>): Promise<T | null>;
  /** See Versions. */
  changing: Versions['changing'];
  /** Forgets everything: what was written without us (a migration, the demo's programme) is seen from here on. */
  forgetAll(): Promise<void>;
  close(): void;
}

/** A value with the tags of what it was made of. */
export interface Fresh<T> {
  value: T;
  tags: readonly string[];
  /** When time alone makes it wrong (ms since 1970), where it does. */
  until?: number | undefined;
}

export const KEPT_MS = 60_000;
/** What visitors can ask is endless, Redis is not: a node keeps no more values a minute than this, none of them larger. */
const KEPT_A_MINUTE = 1000;
const LARGEST = 64 * 1024;

const kept = z.object({ versions: z.record(z.string(), z.string()), value: z.unknown() });

export function createCache(parts: { redis: RedisClient; keys: Keys; metrics: Metrics }): Cache {
  const { redis, keys, metrics } = parts;
  const versions = createVersions(redis, keys);
  /** Reads under way on this node: a crowd that misses together reads Postgres once. */
  const flights = new Map<string, Promise<unknown>>();
  /** The tags that a key had last, so that a hit takes one round trip. */
  const guesses = new LRUCache<string, readonly string[]>({ max: 5000 });
  let budget = KEPT_A_MINUTE;
  const refill = setInterval(() => (budget = KEPT_A_MINUTE), KEPT_MS);
  refill.unref();

  /** Null when Redis cannot be asked. */
  async function look(key: string) {
    if (versions.behind()) return null;
    try {
      const guessed = guesses.get(key) ?? [];
      const [text, state, known] = await Promise.all([
        redis.get(keys.cached(key)),
        versions.state(),
        versions.of(guessed)
      ]);
      const found = text === null ? null : kept.safeParse(JSON.parse(text)).data;
      if (!found) return { ...state, value: undefined };
      const tags = Object.keys(found.versions);
      const missing = tags.filter((tag) => !known.has(tag));
      if (missing.length > 0) {
        guesses.set(key, tags);
        for (const [tag, version] of await versions.of(missing)) known.set(tag, version);
      }
      const current = tags.every((tag) => known.get(tag) === found.versions[tag]);
      return { ...state, value: current ? found.value : undefined };
    } catch {
      // The connection itself says in the log that Redis is away.
      return null;
    }
  }

  /** `catalogue` is the version that was seen before the value was read. */
  async function keep(key: string, fresh: Fresh<unknown>, catalogue: string): Promise<void> {
    const ms = Math.min(KEPT_MS, (fresh.until ?? Infinity) - Date.now());
    if (ms < 1 || budget < 1) return;
    const tags = [EVERYTHING, ...fresh.tags];
    try {
      const noted = Object.fromEntries(await versions.of(tags));
      const after = await versions.state();
      if (after.writing || after.catalogue !== catalogue) return;
      const text = JSON.stringify({ versions: noted, value: fresh.value });
      if (text.length > LARGEST) return;
      budget--;
      guesses.set(key, tags);
      await redis.set(keys.cached(key), text, 'PX', Math.ceil(ms));
    } catch {
      // As above. The next reader reads Postgres too.
    }
  }

  return {
    async cached<T>(key: string, read: () => Promise<Fresh<T> | null>) {
      const seen = await look(key);
      if (seen?.value !== undefined) {
        metrics.cacheReads.inc({ result: 'hit' });
        // Put there under this key by this very function.
        return seen.value as T;
      }
      if (!seen || seen.writing) {
        metrics.cacheReads.inc({ result: 'bypass' });
        return (await read())?.value ?? null;
      }
      metrics.cacheReads.inc({ result: 'miss' });
      // Only with those who saw the same version: who comes after a write must not be told what was before.
      const flight = `${seen.catalogue} ${key}`;
      const known = flights.get(flight) as Promise<T | null> | undefined;
      if (known) return known;
      const reading = (async () => {
        const fresh = await read();
        if (fresh) await keep(key, fresh, seen.catalogue);
        return fresh?.value ?? null;
      })().finally(() => flights.delete(flight));
      flights.set(flight, reading);
      return reading;
    },

    changing: versions.changing,
    forgetAll: () => versions.changing([EVERYTHING], () => Promise.resolve()),
    close() {
      clearInterval(refill);
      versions.close();
    }
  };
}

/** A tag that every value has. */
export const EVERYTHING = 'everything';
