import * as refusals from '#domain/messages/compiled/refusals_sale.js';
import type { BuyerId, HoldId, ShowId } from '#domain/ids.ts';
import { showOfHold } from '#domain/ids.ts';
import type { Hold, SaleState, SeatWish } from '#domain/protocol.ts';
import { notFound } from '#domain/not-found.ts';
import { busy, isRefusal, refuse, type Refusal } from '#domain/refusal.ts';
import type { SeatCounts, SeatIndex } from '#domain/seat-map.ts';
import type { Config } from '../config.ts';
import type { Database } from '../db/database.ts';
import { createNetworkNames } from '../accounts/network.ts';
import { newId } from '../ids.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { RedisConnections } from '../redis/connections.ts';
import { createKeys, type Keys } from '../redis/keys.ts';
import { nothingFits, orNull, seatsTaken, toHold } from './answers.ts';
import { createChangedShows } from './changed-shows.ts';
import { createSweeper } from './expiry.ts';
import { createFeed, type Feed } from './feed.ts';
import { HoldTally } from './hold-tally.ts';
import { Told } from './told.ts';
import { createLayouts } from './layouts.ts';
import { createOffers } from './offers.ts';
import { createRebuild } from './rebuild.ts';
import { createRepair, type Repair } from './repair.ts';
import { createPulse, type PulseReader } from './pulse.ts';
import { createSetAside, type SetAside } from './set-aside.ts';
import {
  createSeatState,
  NeedsRebuild,
  type HoldAnswer,
  type HoldsPage,
  type LiveSale,
  type NewHold,
  type SeatNow,
  type Snapshot
} from './seat-state.ts';

export type { HoldsPage, OpenHold, SeatNow, Snapshot } from './seat-state.ts';

/** A lease outlives its booking by this (ms): Postgres lets go of the seats first, and only then Redis. */
const LEASE_GRACE_MS = 60_000;
const SEATS_PER_CALL = 200;
const HOLDS_PER_SWEEP = 200;
/** Each try but the last found every block of a fresh list taken by others in the meantime. */
const BEST_TRIES = 16;
/** So many of them only take blocks that leave no seat alone, as long as there are such blocks. */
const CAREFUL_TRIES = 10;

/** The live seats of all shows. Redis decides who may try; Postgres decides who has. */
export interface Seats {
  readonly keys: Keys;
  readonly feed: Feed;
  /** How fast a show sells, for those who run it. */
  readonly pulse: PulseReader;
  /** What was held on this node, for statistics. */
  readonly tally: HoldTally;
  /** What the buyers of this node know by their answers. */
  readonly told: Pick<Told, 'of'>;
  /** Freed seats for those on the waiting list. */
  readonly setAside: SetAside;
  /** For a map that was damaged. */
  readonly repair: Repair;
  snapshot(show: ShowId): Promise<Snapshot | Refusal>;
  /** Sums by state; shows whose map is not in Redis now (or all, while Redis is away) are left out. */
  counts(shows: readonly ShowId[]): Promise<Map<ShowId, SeatCounts>>;
  /**
   * Holds every seat in `seats` for the buyer, together with those they hold already, or none. Refuses SEAT_TAKEN
   * (with the seats and up to three alternatives), CAP_REACHED, SALE_PAUSED, SALE_CLOSED, INVALID, NOT_FOUND, BUSY; and
   * CHANGED_MEANWHILE when the indexes are of another `plan` than the show has now. A hot show also refuses NOT_ADMITTED to
   * who has not come through its waiting room, RATE_LIMITED to who lets holds run out, and CAP_REACHED to a `network`.
   */
  hold(
    show: ShowId,
    buyer: BuyerId,
    seats: readonly SeatIndex[],
    requestId: string,
    plan?: string,
    network?: string | null
  ): Promise<Hold | Refusal>;
  /**
   * Holds the best block that satisfies the wish, together with what the buyer holds already. Refuses SEAT_TAKEN
   * only when no such block was available, INVALID for a tier, section or area there is not, and what `hold` refuses.
   */
  best(
    show: ShowId,
    buyer: BuyerId,
    wish: SeatWish,
    requestId: string,
    network?: string | null
  ): Promise<Hold | Refusal>;
  /** Up to three blocks of as many seats, available now, that come closest to these seats, which are gone. */
  alternatives(show: ShowId, gone: readonly SeatIndex[]): Promise<SeatIndex[][]>;
  /** Blocks that fit the wish and are free at this moment, the best first; nobody holds them yet. */
  suggest(show: ShowId, wish: SeatWish): Promise<SeatIndex[][] | Refusal>;
  /** Gives back these seats, or all; answers what is left of the hold. */
  release(show: ShowId, buyer: BuyerId, seats?: readonly SeatIndex[]): Promise<Hold | null | Refusal>;
  /** More time, up to the hard limit. Refuses LIMIT_REACHED, HOLD_EXPIRED. */
  extend(show: ShowId, buyer: BuyerId): Promise<Hold | Refusal>;
  ownHold(show: ShowId, buyer: BuyerId): Promise<Hold | null | Refusal>;
  /** Refuses NOT_FOUND for what is not theirs, HOLD_EXPIRED for what was. */
  holdById(id: HoldId, buyer: BuyerId): Promise<Hold | Refusal>;
  /** The guest's open hold on this show becomes the buyer's, if the buyer has none. */
  adopt(show: ShowId, guest: BuyerId, buyer: BuyerId): Promise<void>;
  /** Checkout begins: selecting → paying. Again: the same answer. With the network that its seats count for, if any. */
  lease(id: HoldId, buyer: BuyerId): Promise<(Hold & { network?: string }) | Refusal>;
  /** Checkout came to nothing: paying → selecting. */
  unlease(id: HoldId, buyer: BuyerId): Promise<Hold | Refusal>;
  /**
   * Leases seats that a confirmed booking of the buyer's is to be moved to, whatever the sale and the cap say; the same id
   * again: the same answer. Refuses SEAT_TAKEN (with the seats and up to three alternatives), INVALID, CHANGED_MEANWHILE,
   * SALE_CLOSED for a cancelled show.
   */
  leaseForMove(
    id: HoldId,
    buyer: BuyerId,
    seats: readonly SeatIndex[],
    plan: string,
    forMs: number
  ): Promise<Hold | Refusal>;
  /** Postgres has confirmed: the seats become booked. Seats the hold has lost meanwhile are mended. */
  book(show: ShowId, hold: HoldId, seats: readonly SeatIndex[]): Promise<void | Refusal>;
  /** Postgres has let go: booked seats become available. */
  free(show: ShowId, seats: readonly SeatIndex[], buyer?: BuyerId): Promise<void | Refusal>;
  /** Ends a hold whoever has it, a leased one too (its booking expired). */
  endHold(id: HoldId): Promise<void | Refusal>;
  /** Ends all holds of the show, leased ones too; answers how many. */
  endHolds(show: ShowId): Promise<number | Refusal>;
  /** Reads these seats in Postgres and makes Redis agree. Answers how many were wrong. */
  mend(show: ShowId, seats: readonly SeatIndex[]): Promise<number | Refusal>;
  /**
   * Postgres has other blocks for these seats than before: the map follows. A hold on a seat that is blocked now gives
   * it up, and its buyer is told.
   */
  follow(show: ShowId, seats: readonly SeatIndex[]): Promise<void | Refusal>;
  /** Ends an open hold of anybody's; its buyer is told that the organizer did. False when it was over already. Refuses FORBIDDEN while it is being paid for. */
  revoke(id: HoldId): Promise<boolean | Refusal>;
  /** Open holds and leases, the one that ends first first; `next` is the cursor of the next page. */
  openHolds(show: ShowId, limit: number, cursor?: string): Promise<HoldsPage | Refusal>;
  /** What the map says of one seat, and whose hold it is in. */
  seatNow(show: ShowId, seat: SeatIndex): Promise<SeatNow | Refusal>;
  /** Blocks or unblocks; answers the seats that were changed (held and booked ones are not). */
  block(show: ShowId, seats: readonly SeatIndex[], blocked: boolean): Promise<SeatIndex[] | Refusal>;
  /** Together with the cap, the window of the sale and its terms as Postgres has them now; without `sale` that too. */
  setSale(show: ShowId, sale?: SaleState): Promise<void | Refusal>;
  saleOf(show: ShowId): Promise<LiveSale | Refusal>;
  rebuild(show: ShowId): Promise<void | Refusal>;
  /** The show is deleted, or gets another plan: its map and the holds on it go. */
  forget(show: ShowId): Promise<void | Refusal>;
  /** True when a real script runs: PING alone has stayed green through outages. */
  ping(): Promise<boolean>;
  close(): Promise<void>;
}

export function createSeats(parts: {
  config: Config;
  db: Database;
  redis: RedisConnections;
  metrics?: Metrics;
  log: Logger;
}): Seats {
  const { config, db, redis, metrics } = parts;
  const log = parts.log.child({ part: 'seats' });
  const keys = createKeys(config.redisPrefix);
  const changed = createChangedShows({ redis: redis.commands, keys });
  const state = createSeatState(redis.commands, keys, undefined, changed.note);
  const rebuild = createRebuild({ db, redis: redis.commands, keys, state, metrics, log });
  const feed = createFeed({
    redis,
    keys,
    state,
    rebuild: rebuild.show,
    takeover: rebuild.takeover,
    log,
    tickMs: config.liveTickMs
  });
  const sweeper = createSweeper({ redis, keys, state, metrics, log });
  sweeper.start();
  const tally = new HoldTally();
  const told = new Told();

  /** Redis trouble becomes BUSY: nothing was changed that a second try could not find or repeat. */
  async function attempt<T>(what: string, work: () => Promise<T>): Promise<T | Refusal> {
    try {
      return await work();
    } catch (error) {
      log.warn({ err: error, what }, 'Redis could not be asked');
      return busy();
    }
  }

  /** Calls a script; when it answers that the map is missing, rebuilds and calls it once more. */
  async function withMap<T>(
    show: ShowId,
    work: () => Promise<T>,
    missing: (answer: T) => boolean
  ): Promise<T | Refusal> {
    return attempt('script', async () => {
      for (let tries = 0; tries < 3; tries++) {
        try {
          const answer = await work();
          if (!missing(answer)) return answer;
        } catch (error) {
          if (!(error instanceof NeedsRebuild)) throw error;
        }
        const rebuilt = await rebuild.show(show);
        if (isRefusal(rebuilt)) return rebuilt;
      }
      return busy();
    });
  }
  const snapshot = (show: ShowId) =>
    withMap(
      show,
      () => state.snapshot(show),
      () => false
    );
  const offers = createOffers({ layouts: createLayouts(db), feed, snapshot, log });
  const ask = (show: ShowId, work: () => Promise<HoldAnswer>) =>
    withMap(show, work, (answer) => answer.is === 'REBUILD');
  const tell = <T>(show: ShowId, work: () => Promise<T>) => withMap(show, work, () => false);

  async function inChunks(seats: readonly SeatIndex[], work: (part: readonly SeatIndex[]) => Promise<unknown>) {
    for (let at = 0; at < seats.length; at += SEATS_PER_CALL) {
      const answer = await work(seats.slice(at, at + SEATS_PER_CALL));
      if (isRefusal(answer)) return answer;
    }
    return undefined;
  }

  const networkName = createNetworkNames(config.secret);
  const newHold = (show: ShowId, buyer: BuyerId, requestId: string, network?: string | null): NewHold => ({
    ...{ buyer, id: `${show}.${newId()}`, ttlMs: config.holdTtlMs, limitMs: config.holdLimitMs, requestId },
    network: networkName(network)
  });
  function expecting({ id, buyer }: NewHold, answer: HoldAnswer | Refusal): Hold | Refusal {
    if (!isRefusal(answer) && answer.is === 'hold') {
      told.note(showOfHold(id), buyer, answer.at);
      sweeper.expect(showOfHold(id), config.holdTtlMs);
      tally.count(answer.hold, answer.hold.id === id);
    }
    return toHold(answer);
  }

  async function agree(show: ShowId, wrong: readonly SeatIndex[]): Promise<number | Refusal> {
    let changed = 0;
    const refusal = await inChunks(wrong, async (part) => {
      const truths = await rebuild.truthOf(show, part);
      if (isRefusal(truths)) return truths;
      const count = await tell(show, () => state.mend(show, truths));
      if (!isRefusal(count)) changed += count;
      return count;
    });
    return refusal ?? changed;
  }

  const seats: Seats = {
    ...{ keys, feed, tally, told, snapshot },
    pulse: createPulse({ redis: redis.commands, keys }),
    setAside: createSetAside({ state, offers, ask, tell }),
    repair: createRepair({ state, tell, attempt, rebuild: rebuild.show, takeover: rebuild.takeover }),

    async counts(shows) {
      if (shows.length === 0) return new Map();
      const found = await attempt('counts', () => state.counts(shows));
      if (isRefusal(found)) return new Map();
      // A show nobody has opened since Redis started has no map yet: make it, and let the next page show its sums.
      for (const show of shows) if (!found.has(show)) rebuild.soon(show);
      return found;
    },

    async hold(show, buyer, wanted, requestId, plan, network) {
      const asking = newHold(show, buyer, requestId, network);
      const began = performance.now();
      const answer = await ask(show, () => state.hold(show, asking, wanted, plan));
      tally.took(performance.now() - began);
      if (isRefusal(answer) || answer.is !== 'TAKEN') return expecting(asking, answer);
      return seatsTaken(answer.seats, await offers.insteadOfSeats(show, wanted, answer.seats));
    },

    async best(show, buyer, wish, requestId, network) {
      const asking = newHold(show, buyer, requestId, network);
      for (let tries = 0; tries < BEST_TRIES; tries++) {
        const found = await offers.candidates(show, wish, tries);
        if (isRefusal(found)) return found;
        const { blocks, fresh } = found;
        // Asked without a block too: the sale may be paused, or this be the repetition of a request that was granted.
        const clean = tries < CAREFUL_TRIES ? blocks.filter(({ leavesLone }) => !leavesLone) : [];
        const careful = clean.length > 0;
        const tried = careful ? clean : blocks;
        const answer = await ask(show, () => state.best(show, asking, wish.count, tried, !careful));
        if (isRefusal(answer) || answer.is !== 'TAKEN') return expecting(asking, answer);
        if (blocks.length > 0 || !fresh) continue;
        // Seats whose hold has run out are available, whether or not a sweeper has been there.
        const swept = await attempt('sweep', () => state.expire([show], HOLDS_PER_SWEEP));
        if (isRefusal(swept)) return swept;
        if (!swept[0]?.ended) return nothingFits(wish, await offers.insteadOfWish(show, wish));
      }
      return busy();
    },

    alternatives: (show, gone) => offers.insteadOfSeats(show, gone, gone),

    suggest: (show, wish) => offers.among(show, wish, []),

    async release(show, buyer, some) {
      const answer = await ask(show, () => state.release(show, buyer, '', some ?? []));
      if (!isRefusal(answer) && 'at' in answer && answer.at) told.note(show, buyer, answer.at);
      const left = orNull(answer);
      if (left !== null && !isRefusal(left)) tally.count(left, false);
      return left;
    },

    extend: async (show, buyer) => toHold(await ask(show, () => state.extend(show, buyer, config.holdTtlMs))),
    ownHold: async (show, buyer) => orNull(await ask(show, () => state.peek(show, buyer, ''))),

    async holdById(id, buyer) {
      const show = showOfHold(id);
      const answer = await ask(show, () => state.peek(show, buyer, id));
      return !isRefusal(answer) && answer.is === 'NONE' ? notFound('hold') : toHold(answer);
    },

    async adopt(show, guest, buyer) {
      await ask(show, () => state.adopt(show, guest, buyer));
    },

    async lease(id, buyer) {
      const show = showOfHold(id);
      const leaseMs = config.paymentTtlMs + LEASE_GRACE_MS;
      const answer = await ask(show, () => state.lease(show, id, buyer, leaseMs));
      const leased = toHold(answer);
      if (isRefusal(leased) || isRefusal(answer) || answer.is !== 'hold') return leased;
      return { ...leased, ...(answer.hold.network === null ? {} : { network: answer.hold.network }) };
    },

    async leaseForMove(id, buyer, wanted, plan, forMs) {
      const show = showOfHold(id);
      const answer = await ask(show, () => state.move(show, { id, buyer, ttlMs: forMs }, plan, wanted));
      if (isRefusal(answer) || answer.is !== 'TAKEN') return toHold(answer);
      return seatsTaken(answer.seats, await offers.insteadOfSeats(show, wanted, answer.seats));
    },

    async unlease(id, buyer) {
      const show = showOfHold(id);
      return toHold(await ask(show, () => state.unlease(show, id, buyer, config.holdTtlMs)));
    },

    book: (show, hold, booked) =>
      inChunks(booked, async (part) => {
        const missed = await tell(show, () => state.book(show, hold, part));
        return isRefusal(missed) || missed.length === 0 ? missed : seats.mend(show, missed);
      }),

    free: (show, freed, buyer) => inChunks(freed, (part) => tell(show, () => state.free(show, buyer ?? '', part))),

    async endHold(id) {
      const show = showOfHold(id);
      const answer = await ask(show, () => state.release(show, '', id, []));
      return isRefusal(answer) ? answer : undefined;
    },

    endHolds: (show) =>
      attempt('end holds', async () => {
        const holds = await state.holds(show);
        for (const id of holds) await state.release(show, '', id, []);
        return holds.length;
      }),

    async mend(show, wrong) {
      const mended = await agree(show, wrong);
      if (!isRefusal(mended) && mended > 0)
        log.warn({ show, mended }, 'seats in Redis did not agree with Postgres and were mended');
      return mended;
    },

    async follow(show, changed) {
      const answer = await agree(show, changed);
      return isRefusal(answer) ? answer : undefined;
    },

    async revoke(id) {
      const answer = await tell(showOfHold(id), () => state.revoke(showOfHold(id), id));
      if (answer !== 'PAYING') return isRefusal(answer) ? answer : answer === 'OK';
      return refuse('FORBIDDEN', refusals.hold_paid_for());
    },

    openHolds: (show, limit, cursor) => tell(show, () => state.openHolds(show, limit, cursor)),
    seatNow: (show, seat) => tell(show, () => state.seatNow(show, seat)),

    async block(show, some, blocked) {
      const changed: SeatIndex[] = [];
      const refusal = await inChunks(some, async (part) => {
        const answer = await tell(show, () => state.block(show, blocked, part));
        if (!isRefusal(answer)) changed.push(...answer);
        return answer;
      });
      return refusal ?? changed;
    },

    async setSale(show, sale) {
      const terms = await rebuild.terms(show);
      if (isRefusal(terms)) return terms;
      // A cancelled show stays so, whatever is wished.
      const now = sale === undefined || terms.sale === 'cancelled' ? terms.sale : sale;
      return attempt('sale', () => state.sale(show, { ...terms, sale: now }));
    },

    saleOf: (show) => tell(show, () => state.saleOf(show)),

    async rebuild(show) {
      const answer = await attempt('rebuild', () => rebuild.show(show));
      return isRefusal(answer) ? answer : undefined;
    },

    forget: (show) => attempt('forget', () => state.forget(show)),

    async ping() {
      try {
        // Any show will do: an unknown one answers REBUILD, which proves that scripts run.
        await state.peek('000000000000', 'g_nobody', '');
        return true;
      } catch {
        return false;
      }
    },

    async close() {
      await sweeper.close();
      await feed.close();
      await rebuild.idle();
      await changed.close();
    }
  };
  return seats;
}
