import { newId } from '../ids.ts';
import type { RedisClient } from '../redis/connections.ts';
import type { Keys } from '../redis/keys.ts';
import { pipelined } from '../redis/pipelined.ts';

/**
 * A version for each tag. It is a random word and no counter: it may be forgotten once no value can have it any more,
 * and a counter that begins again would repeat itself.
 */
export interface Versions {
  of(tags: readonly string[]): Promise<Map<string, string>>;
  /** The version that every write changes, and whether one is under way. */
  state(): Promise<{ catalogue: string; writing: boolean }>;
  /**
   * Runs `commit` between two changes of the tags' versions. It never fails because of Redis: what could not be said is
   * said as soon as Redis is back.
   */
  changing<T>(tags: readonly string[], commit: () => Promise<T>): Promise<T>;
  /** True while this node owes the others a change: until then it must not believe what is kept. */
  behind(): boolean;
  close(): void;
}

/** A tag of what depends on anything in the catalogue: every write gives it a new version. */
export const CATALOGUE = 'catalogue';

/** Longer than any value is kept: then nothing has a version that could come back. */
const REMEMBERED_MS = 600_000;
/** A write's mark ends with its commit, or, when its node dies in it, after this: no commit takes so long. */
const MARKED_MS = 10_000;
const RETRY_MS = 250;

export function createVersions(redis: RedisClient, keys: Keys): Versions {
  const owed = new Set<string>();
  let settling = false;
  const timer = setInterval(() => void settle(), RETRY_MS);
  timer.unref();

  async function change(tags: readonly string[]): Promise<void> {
    await pipelined(redis, tags, (pipeline, tag) => pipeline.set(keys.cacheTag(tag), newId(), 'PX', REMEMBERED_MS));
  }

  /** The mark and the catalogue's version share a slot, and go in this order: who sees the version sees the mark. */
  async function begin(tags: readonly string[], mark: string): Promise<void> {
    await pipelined(redis, [mark], (pipeline) =>
      pipeline
        .sadd(keys.cacheWriting, mark)
        .pexpire(keys.cacheWriting, MARKED_MS)
        .set(keys.cacheTag(CATALOGUE), newId(), 'PX', REMEMBERED_MS)
    );
    await change(tags);
  }

  async function end(tags: readonly string[], mark: string): Promise<void> {
    await change(tags);
    await pipelined(redis, [mark], (pipeline) =>
      pipeline.set(keys.cacheTag(CATALOGUE), newId(), 'PX', REMEMBERED_MS).srem(keys.cacheWriting, mark)
    );
  }

  /** What was changed while Redis was away, said until it is heard. What is added meanwhile is said once more. */
  async function settle(): Promise<void> {
    if (settling || owed.size === 0) return;
    settling = true;
    const due = [...owed];
    owed.clear();
    try {
      await end(due, newId());
    } catch {
      for (const tag of due) owed.add(tag);
    } finally {
      settling = false;
    }
  }

  return {
    async of(tags) {
      const found = await pipelined(redis, tags, (pipeline, tag) => pipeline.get(keys.cacheTag(tag)));
      return new Map(tags.map((tag, n) => [tag, String(found[n] ?? '')]));
    },

    async state() {
      const [catalogue, writing] = await pipelined(redis, [null], (pipeline) =>
        pipeline.get(keys.cacheTag(CATALOGUE)).exists(keys.cacheWriting)
      );
      return { catalogue: String(catalogue ?? ''), writing: writing === 1 };
    },

    async changing(tags, commit) {
      const mark = newId();
      await begin(tags, mark).catch(() => undefined);
      try {
        return await commit();
      } finally {
        await end(tags, mark).catch(() => {
          for (const tag of tags) owed.add(tag);
        });
      }
    },

    behind: () => settling || owed.size > 0,
    close: () => clearInterval(timer)
  };
}
