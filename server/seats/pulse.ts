import type { ShowId } from '#domain/ids.ts';
import type { RedisClient } from '../redis/connections.ts';
import type { Keys } from '../redis/keys.ts';
import { parseEntry } from './fold.ts';

/**
 * How fast a show sells, read from its log: one read for each second in which somebody watches, however many do. The
 * log keeps its last 10,000 changes, so the picture is there at the first look too.
 */
const ENTRIES_PER_READ = 10_000;
const MINUTE_MS = 60_000;
/** Minutes that the picture shows. */
export const PULSE_MINUTES = 30;

export interface Pulse {
  /** Holds made and bookings confirmed in the last 60 seconds. */
  holdsPerMinute: number;
  bookingsPerMinute: number;
  /** Seats booked in each of the last minutes, the present one last. */
  sold: number[];
}

export interface PulseReader {
  read(show: ShowId): Promise<Pulse>;
  /** Nobody watches any more. */
  forget(show: ShowId): void;
}

interface Beat {
  at: number;
  /** Seats booked, or 0 for a hold. */
  booked: number;
  hold: string;
}

export function createPulse({ redis, keys }: { redis: RedisClient; keys: Keys }): PulseReader {
  const followed = new Map<ShowId, { last: string; beats: Beat[] }>();

  const toBeat = (entry: [string, string[]]): Beat[] => {
    const { cause, hold, seats } = parseEntry(entry);
    if (cause !== 'hold' && cause !== 'book') return [];
    const at = Number(entry[1][1]?.split(' ').at(-1));
    return [{ at, booked: cause === 'book' ? seats.length : 0, hold }];
  };

  return {
    async read(show) {
      const { log } = keys.show(show);
      const known = followed.get(show) ?? { last: '', beats: [] };
      const [entries, [seconds]] = await Promise.all([
        known.last === ''
          ? redis.xrevrange(log, '+', '-', 'COUNT', ENTRIES_PER_READ).then((found) => found.reverse())
          : redis.xrange(log, `(${known.last}`, '+', 'COUNT', ENTRIES_PER_READ),
        redis.time()
      ]);
      const now = Number(seconds) * 1000 + 999;
      const beats = [...known.beats, ...entries.flatMap(toBeat)].filter(
        ({ at }) => now - at < PULSE_MINUTES * MINUTE_MS
      );
      followed.set(show, { last: entries.at(-1)?.[0] ?? known.last, beats });
      const recent = beats.filter(({ at }) => now - at < MINUTE_MS);
      // A hold that grows is one hold; a booking of many seats may come in several entries.
      const different = (of: Beat[]) => new Set(of.map(({ hold }) => hold)).size;
      const sold = new Array<number>(PULSE_MINUTES).fill(0);
      for (const { at, booked } of beats) {
        const ago = Math.min(PULSE_MINUTES - 1, Math.max(0, Math.floor((now - at) / MINUTE_MS)));
        const place = PULSE_MINUTES - 1 - ago;
        sold[place] = (sold[place] ?? 0) + booked;
      }
      return {
        holdsPerMinute: different(recent.filter(({ booked }) => booked === 0)),
        bookingsPerMinute: different(recent.filter(({ booked }) => booked > 0)),
        sold
      };
    },
    forget: (show) => void followed.delete(show)
  };
}
