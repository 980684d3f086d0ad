import type { ShowId } from '#domain/ids.ts';
import { busy, isRefusal, type Refusal } from '#domain/refusal.ts';
import { countStates, type SeatIndex } from '#domain/seat-map.ts';
import { collector, FINDINGS_AT_MOST, type Finding, type Sources } from '../audit/check.ts';
import { LIVE_CHECKS, lookAt, type SeenShow } from '../audit/live.ts';
import type { Database } from '../db/database.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { RedisConnections } from '../redis/connections.ts';
import type { Seats } from '../seats/seats.ts';
import { wrongCounts } from './taken.ts';

/**
 * Compares what Redis has of every live show with Postgres and with itself, and puts right what is wrong: a key or a field
 * that was lost, a seat that reads as free and is sold. What the audit calls broken is what is mended here. Until then
 * nothing is sold twice: checkout asks Postgres.
 */
export interface Reconciler {
  /** Every show that has a map. Answers those in which something was mended. */
  all(): Promise<Mended[]>;
  /** One show, now. Refuses BUSY while Redis or Postgres is away. */
  show(id: ShowId): Promise<Mended | Refusal>;
}

/** What was wrong with a show, by kind. */
export interface Mended {
  show: ShowId;
  seats: number;
  holds: number;
  sums: number;
  /** So much was wrong, or it stayed so, that the map was made anew: open holds were lost. */
  anew: boolean;
}

/** Something may be on its way: what is wrong must be so again after this long (ms). */
const AGAIN_AFTER_MS = 1000;
const MENDABLE = new Set(['conservation', 'holds-exclude', 'map-follows-books', 'holds-end']);
/** The checks that name a seat or a hold; of more findings than they list, not all are known. */
const TOO_MANY = FINDINGS_AT_MOST;

export function createReconciler(parts: {
  db: Database;
  redis: RedisConnections;
  seats: Seats;
  metrics: Metrics;
  log: Logger;
  againAfterMs?: number;
}): Reconciler {
  const { seats, metrics } = parts;
  const log = parts.log.child({ part: 'reconciler' });
  const sources: Sources = { sql: parts.db, redis: parts.redis.commands, keys: seats.keys };

  interface Sight {
    found: ReadonlyMap<string, Finding>;
    seen: SeenShow | null;
    wrongCounts: ReturnType<typeof wrongCounts>;
    tooMany: boolean;
  }

  async function look(id: ShowId): Promise<Sight> {
    const { found, add } = collector(LIVE_CHECKS);
    const seen = await lookAt(sources, id, add, { withLog: false });
    const lists = [...found].filter(([check]) => MENDABLE.has(check)).map(([, findings]) => findings);
    return {
      found: new Map(lists.flat().map((finding) => [finding.key, finding])),
      seen,
      wrongCounts: seen?.books ? wrongCounts(seen.show, seen.books) : [],
      tooMany: lists.some((list) => list.length >= TOO_MANY)
    };
  }
  const isClean = (sight: Sight) => sight.found.size === 0 && sight.wrongCounts.length === 0;

  /** What both looks saw. */
  function both(first: Sight, second: Sight): Sight {
    const counted = new Map(first.wrongCounts.map((count) => [count.buyer, count]));
    return {
      ...second,
      found: new Map([...second.found].filter(([key]) => first.found.has(key))),
      wrongCounts: second.wrongCounts.filter(({ buyer, seen, right }) => {
        const before = counted.get(buyer);
        return before?.seen === seen && before.right === right;
      })
    };
  }

  /** The parts that are wrong, each in its own way. Throws when Redis goes away meanwhile. */
  async function mendParts(id: ShowId, { found, seen, wrongCounts: counts }: Sight): Promise<Mended> {
    const evidence = [...found.values()].map((finding) => finding.evidence);
    const holds = namesIn(evidence, ['hold', 'owner']);
    const wrong = [...new Set(evidence.flatMap(({ seat }) => (typeof seat === 'number' ? [seat] : [])))];
    const restored = must(await seats.repair.holds(id, holds));
    const mended = must(await seats.mend(id, [...wrong, ...seatsOf(seen, holds)]));
    // A held seat that read as booked is available now, and its hold's again.
    const again = must(await seats.repair.holds(id, holds));
    const after = await look(id);
    const head = after.seen && sumsOf(after.seen);
    const sums = head ? must(await seats.repair.sums(id, head, counts)) : 0;
    return { show: id, seats: mended, holds: restored + again, sums, anew: false };
  }

  async function mend(id: ShowId, wrong: Sight): Promise<Mended> {
    const parts = wrong.seen && !wrong.tooMany ? await mendParts(id, wrong) : none(id);
    const left = both(wrong, await look(id));
    const anew = left.found.size > 0;
    if (anew) must(await seats.repair.renew(id));
    const mended = { ...parts, anew };
    for (const kind of ['seats', 'holds', 'sums'] as const) metrics.seatDrift.inc({ kind }, mended[kind]);
    if (anew) metrics.seatDrift.inc({ kind: 'map' });
    const what = [...wrong.found.values()].slice(0, 5).map(({ evidence }) => evidence);
    log.warn({ ...mended, found: wrong.found.size, what }, 'a seat map did not agree with Postgres and was mended');
    return mended;
  }

  async function walk(ids: readonly ShowId[]): Promise<Mended[]> {
    const suspects = new Map<ShowId, Sight>();
    for (const id of ids) {
      const sight = await look(id);
      if (!isClean(sight)) suspects.set(id, sight);
    }
    if (suspects.size > 0) await new Promise((resolve) => setTimeout(resolve, parts.againAfterMs ?? AGAIN_AFTER_MS));
    const mended: Mended[] = [];
    for (const [id, first] of suspects) {
      const wrong = both(first, await look(id));
      if (!isClean(wrong)) mended.push(await mend(id, wrong));
    }
    return mended;
  }

  return {
    async all() {
      const ids = (await sources.redis.smembers(seats.keys.shows)).sort();
      for (const id of ids) await seats.repair.takeover(id);
      return walk(ids);
    },
    async show(id) {
      try {
        return (await walk([id]))[0] ?? none(id);
      } catch (error) {
        log.warn({ err: error, show: id }, 'a seat map could not be compared');
        return busy();
      }
    }
  };
}

/** Redis went away in the middle: what is left to do is found again next time. */
function must<T>(answer: T | Refusal): T {
  if (isRefusal(answer)) throw new Error(answer.message);
  return answer;
}

const none = (show: ShowId): Mended => ({ show, seats: 0, holds: 0, sums: 0, anew: false });

const namesIn = (evidence: readonly Record<string, unknown>[], fields: readonly string[]) => [
  ...new Set(evidence.flatMap((each) => fields.map((field) => each[field]).filter((name) => typeof name === 'string')))
];

/** A hold that is gone leaves seats behind that still name it. */
function seatsOf(seen: SeenShow | null, holds: readonly string[]): SeatIndex[] {
  const gone = new Set(holds.filter((id) => !seen?.show.holds.has(id)));
  return [...(seen?.show.owners ?? [])].flatMap(([seat, owner]) => (gone.has(owner) ? [seat] : []));
}

function sumsOf({ show }: SeenShow) {
  const { booked, blocked } = countStates(show.map, show.capacity);
  return { version: show.version, booked, blocked };
}
