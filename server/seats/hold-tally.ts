import { LRUCache } from 'lru-cache';
import type { Hold } from '#domain/protocol.ts';
import type { HoldId, ShowId } from '#domain/ids.ts';

/** How many holds were begun on this node, and how many seats came into holds: for the report on conversion. */
export interface Held {
  holds: number;
  seats: number;
}

/** Enough for the holds that change at the same time on one node; of a forgotten one the next seats are not counted. */
const REMEMBERED = 50_000;

/** Counts in memory alone: a click never waits for statistics. */
export class HoldTally {
  #counts = new Map<ShowId, Held>();
  readonly #sizes = new LRUCache<HoldId, number>({ max: REMEMBERED });

  #slowestMs = 0;

  /** How long a hold took, from here to Redis and back. */
  took(ms: number): void {
    if (ms > this.#slowestMs) this.#slowestMs = ms;
  }

  /** The longest since the last call (ms). */
  slowest(): number {
    const slowest = this.#slowestMs;
    this.#slowestMs = 0;
    return slowest;
  }

  /** A hold as a script has just answered it. */
  count(hold: Hold, isNew: boolean): void {
    const before = isNew ? 0 : (this.#sizes.get(hold.id) ?? hold.seats.length);
    this.#sizes.set(hold.id, hold.seats.length);
    const more = Math.max(0, hold.seats.length - before);
    if (isNew || more > 0) this.add(hold.showId, { holds: isNew ? 1 : 0, seats: more });
  }

  /** Also puts back what was taken and could not be written. */
  add(show: ShowId, { holds, seats }: Held): void {
    const known = this.#counts.get(show);
    this.#counts.set(show, { holds: (known?.holds ?? 0) + holds, seats: (known?.seats ?? 0) + seats });
  }

  /** What was counted since the last call. */
  take(): Map<ShowId, Held> {
    const counts = this.#counts;
    this.#counts = new Map();
    return counts;
  }
}
