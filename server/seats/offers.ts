import type { ShowId } from '#domain/ids.ts';
import type { SeatWish } from '#domain/protocol.ts';
import { notFound } from '#domain/not-found.ts';
import { busy, isRefusal, refuse, type Refusal } from '#domain/refusal.ts';
import { setSeatState, SeatState, type SeatIndex } from '#domain/seat-map.ts';
import type { Logger } from '../log.ts';
import { closestEquivalents, insteadOfWish } from './alternatives.ts';
import { candidateBlocks, candidates, listSize, wrongWith, type Candidate } from './best-available.ts';
import type { Feed } from './feed.ts';
import type { Layout } from './layout.ts';
import type { Layouts } from './layouts.ts';
import type { Snapshot } from './seat-state.ts';

/** Which seats to try and which to offer: the layouts and the live maps brought together. */
export interface Offers {
  /**
   * Candidates for the wish, the best first. The first try may use the map this node shows its viewers; later ones
   * read the one in Redis, and look further down the list, each buyer somewhere else: a crowd that asks at the same
   * moment sees the same map, and would lose the same few blocks to each other again and again. Refuses INVALID for a tier, section or area that the plan does not have.
   */
  candidates(show: ShowId, wish: SeatWish, tries: number): Promise<{ blocks: Candidate[]; fresh: boolean } | Refusal>;
  /** Blocks for the wish among the seats that are available now or set aside, the best first. */
  among(show: ShowId, wish: SeatWish, aside: readonly SeatIndex[]): Promise<SeatIndex[][] | Refusal>;
  /** Up to three blocks that come closest to the wish that nothing satisfies. */
  insteadOfWish(show: ShowId, wish: SeatWish): Promise<SeatIndex[][]>;
  /** Up to three blocks that come closest to the seats asked for. */
  insteadOfSeats(show: ShowId, asked: readonly SeatIndex[], gone: readonly SeatIndex[]): Promise<SeatIndex[][]>;
}

/** A refusal is not held up longer than this by the reading of a plan nobody has asked about before. */
const PATIENCE_MS = 300;

/** So many lists of candidates are shared out among those who lost the blocks they tried. */
const LISTS_AT_MOST = 6;

interface CurrentMap {
  epoch: number;
  map: Uint8Array;
}

export function createOffers(parts: {
  layouts: Layouts;
  feed: Feed;
  snapshot: (show: ShowId) => Promise<Snapshot | Refusal>;
  log: Logger;
}): Offers {
  const { layouts, feed, snapshot, log } = parts;
  const readFresh = sharedReads(snapshot);

  async function layoutOf(show: ShowId, epoch: number): Promise<Layout | Refusal> {
    try {
      return (await layouts.of(show, epoch)) ?? notFound('show');
    } catch (error) {
      log.warn({ err: error, show }, 'could not read a seating plan');
      return busy();
    }
  }

  /** Alternatives are a kindness: whatever stands in their way, the refusal itself must go out. */
  async function offer(show: ShowId, find: (layout: Layout, map: Uint8Array) => SeatIndex[][]): Promise<SeatIndex[][]> {
    try {
      const current = await readFresh(show);
      if (isRefusal(current) || current.counts.available === 0) return [];
      const layout = layouts.known(show, current.epoch) ?? (await inTime(layouts.of(show, current.epoch)));
      return layout ? find(layout, current.map) : [];
    } catch (error) {
      log.warn({ err: error, show }, 'could not look for alternatives');
      return [];
    }
  }

  return {
    async candidates(show, wish, tries) {
      const mirrored: CurrentMap | undefined = tries > 0 ? undefined : feed.state(show);
      const current = mirrored ?? (await readFresh(show));
      if (isRefusal(current)) return current;
      const layout = await layoutOf(show, current.epoch);
      if (isRefusal(layout)) return layout;
      const errors = wrongWith(layout, wish);
      if (errors.length > 0) return refuse('INVALID', 'This show has no such seats.', { errors });
      const lists = 1 + Math.min(tries, LISTS_AT_MOST - 1);
      const size = listSize(wish.count);
      const all = candidates(layout, current.map, wish, lists * size);
      const list = Math.floor(Math.random() * Math.ceil(all.length / size));
      return { blocks: all.slice(list * size, (list + 1) * size), fresh: mirrored === undefined };
    },
    async among(show, wish, aside) {
      const current = await readFresh(show);
      if (isRefusal(current)) return current;
      const layout = await layoutOf(show, current.epoch);
      if (isRefusal(layout)) return layout;
      // A tier that the show's plan has no more fits nothing.
      if (wrongWith(layout, wish).length > 0) return [];
      const map = current.map.slice();
      for (const seat of aside) if (seat < current.capacity) setSeatState(map, seat, SeatState.available);
      return candidateBlocks(layout, map, wish);
    },
    insteadOfWish: (show, wish) => offer(show, (layout, map) => insteadOfWish(layout, map, wish)),
    insteadOfSeats: (show, asked, gone) => offer(show, (layout, map) => closestEquivalents(layout, map, asked, gone))
  };
}

function inTime<T>(work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<undefined>((done) => {
    timer = setTimeout(() => done(undefined), PATIENCE_MS);
  });
  // Who stops waiting still must not leave a failure unheard.
  work.catch(() => undefined);
  return Promise.race([work, patience]).finally(() => clearTimeout(timer));
}

/** One read at a time for each show: whoever asks while one runs shares the next, which began after they asked. */
function sharedReads<T>(read: (show: ShowId) => Promise<T>): (show: ShowId) => Promise<T> {
  const lines = new Map<ShowId, { running: Promise<T>; next?: Promise<T> }>();
  function start(show: ShowId): Promise<T> {
    const line: { running: Promise<T>; next?: Promise<T> } = { running: read(show) };
    lines.set(show, line);
    const end = () => {
      if (lines.get(show) === line && !line.next) lines.delete(show);
    };
    line.running.then(end, end);
    return line.running;
  }
  return (show) => {
    const line = lines.get(show);
    if (!line) return start(show);
    line.next ??= line.running.then(
      () => start(show),
      () => start(show)
    );
    return line.next;
  };
}
