import { LRUCache } from 'lru-cache';
import { isUnavailable } from '../db/database.ts';

/** How long an answer is believed without asking (ms): what it takes at most until its end is felt on other nodes. */
const BELIEVED_MS = 5000;
/** While Postgres is away an answer that was good this recently (ms) stays good: holds go on. */
const BELIEVED_WITHOUT_POSTGRES_MS = 600_000;

/** What Postgres says about credentials, remembered for some seconds. */
export interface Believed<Answer> {
  of(credential: string): Promise<Answer>;
  /** From here on this is the answer, whatever a question under way brings. */
  know(credential: string, answer: Answer): void;
  forget(which: (answer: Answer) => boolean): void;
}

export function believe<Answer extends object | null>(ask: (credential: string) => Promise<Answer>): Believed<Answer> {
  const seen = new LRUCache<string, { at: number; answer: Answer }>({
    max: 50_000,
    ttl: BELIEVED_WITHOUT_POSTGRES_MS
  });
  const asking = new Map<string, Promise<Answer>>();

  async function learn(credential: string): Promise<Answer> {
    const known = seen.get(credential);
    const at = performance.now();
    try {
      const answer = await ask(credential);
      // It may have been ended meanwhile: that is the later news.
      const latest = seen.get(credential);
      if (latest && latest.at > at) return latest.answer;
      seen.set(credential, { at, answer });
      return answer;
    } catch (error) {
      if (!known || !isUnavailable(error)) throw error;
      // Not every click should wait for a Postgres that does not answer.
      seen.set(credential, { at: performance.now(), answer: known.answer }, { noUpdateTTL: true });
      return known.answer;
    }
  }

  return {
    /** A page asks for many things at once, all with one credential: one question answers them all. */
    async of(credential) {
      const known = seen.get(credential);
      if (known && performance.now() - known.at < BELIEVED_MS) return known.answer;
      const asked = asking.get(credential) ?? learn(credential).finally(() => asking.delete(credential));
      asking.set(credential, asked);
      return asked;
    },
    know: (credential, answer) => void seen.set(credential, { at: performance.now(), answer }),
    forget(which) {
      for (const [credential, known] of seen.entries()) if (which(known.answer)) seen.delete(credential);
    }
  };
}
