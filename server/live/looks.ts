import type { ShowId } from '#domain/ids.ts';
import type { Logger } from '../log.ts';
import type { RedisClient } from '../redis/connections.ts';
import type { Keys } from '../redis/keys.ts';

/**
 * Which sections of a show many people have before them. Each node counts its own viewers, writes its numbers every few
 * seconds and adds up the others', as for the viewers themselves. What is told is some seconds old, of sections with at
 * least ten people, and in tens: nobody can be followed by it.
 */
const EVERY_MS = 5000;
const FORGOTTEN_AFTER_MS = 15_000;
/** Told again every so many rounds though nothing has changed, for those who have come meanwhile. */
const AGAIN_AFTER_ROUNDS = 4;
const FEWEST = 10;
const STEP = 10;
/** Sections of a show that a node writes down: more than any house has, and an end for whoever makes names up. */
const SECTIONS = 500;

export type Crowds = Record<string, number>;

export interface Looks {
  /** This person has that section before them, or none. One person is one, in however many tabs: the last look counts. */
  look(show: ShowId, person: string, socket: string, section: string | null): void;
  /** The socket is gone, or watches the show no longer. */
  leave(show: ShowId, person: string, socket: string): void;
  close(): void;
}

interface Look {
  socket: string;
  section: string;
}

export function createLooks(parts: {
  redis: RedisClient;
  keys: Keys;
  node: string;
  /** To everyone on this node who watches the show. */
  tell: (show: ShowId, sections: Crowds) => void;
  log: Logger;
  everyMs?: number;
}): Looks {
  const { redis, keys, node, tell, log, everyMs = EVERY_MS } = parts;
  const shows = new Map<ShowId, { looks: Map<string, Look>; told: string; rounds: number }>();

  async function round(show: ShowId) {
    const known = shows.get(show);
    if (!known) return;
    const key = keys.show(show).looks;
    // By Redis' clock: the nodes' own may differ by minutes.
    const [seconds] = await redis.time();
    const now = Number(seconds) * 1000;
    const own = countSections([...known.looks.values()]);
    const answers = await redis
      .pipeline()
      .hset(key, node, JSON.stringify({ at: now, own }))
      .pexpire(key, FORGOTTEN_AFTER_MS)
      .hgetall(key)
      .exec();
    const crowds = crowdsOf((answers?.[2]?.[1] ?? {}) as Record<string, string>, now);
    const words = JSON.stringify(crowds);
    const due = ++known.rounds % AGAIN_AFTER_ROUNDS === 0 && words !== '{}';
    if (words !== known.told || due) tell(show, crowds);
    known.told = words;
    if (known.looks.size === 0 && words === '{}') shows.delete(show);
  }

  const timer = setInterval(() => {
    for (const show of shows.keys()) {
      round(show).catch((error: unknown) => log.debug({ err: error, show }, 'could not count who looks where'));
    }
  }, everyMs);

  return {
    look(show, person, socket, section) {
      const known = shows.get(show) ?? { looks: new Map<string, Look>(), told: '{}', rounds: 0 };
      if (section === null) known.looks.delete(person);
      else known.looks.set(person, { socket, section });
      shows.set(show, known);
    },
    leave(show, person, socket) {
      const looks = shows.get(show)?.looks;
      if (looks?.get(person)?.socket === socket) looks.delete(person);
    },
    close: () => clearInterval(timer)
  };
}

function countSections(looks: readonly Look[]): Crowds {
  const counts = new Map<string, number>();
  for (const { section } of looks) {
    if (counts.has(section) || counts.size < SECTIONS) counts.set(section, (counts.get(section) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}

/** Adds up what the nodes have written, and leaves out what is too few to tell. */
export function crowdsOf(byNode: Readonly<Record<string, string>>, now: number): Crowds {
  const sums = new Map<string, number>();
  for (const written of Object.values(byNode)) {
    // Written by a node of ours, a few lines above.
    const { at, own } = JSON.parse(written) as { at: number; own: Crowds };
    if (now - at >= FORGOTTEN_AFTER_MS) continue;
    for (const [section, count] of Object.entries(own)) sums.set(section, (sums.get(section) ?? 0) + count);
  }
  const crowds = [...sums].filter(([, count]) => count >= FEWEST).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(crowds.map(([section, count]) => [section, Math.floor(count / STEP) * STEP]));
}
