import type { BuyerId, HoldId, ShowId } from '#domain/ids.ts';
import { showOfHold } from '#domain/ids.ts';
import type { Hold } from '#domain/protocol.ts';
import { isRefusal, type Refusal } from '#domain/refusal.ts';
import type { SeatIndex } from '#domain/seat-map.ts';
import { toHold } from './answers.ts';
import type { Offers } from './offers.ts';
import type { HoldAnswer, SeatState } from './seat-state.ts';

/**
 * Seats for those on the waiting list. While a list is served, seats that become available go into a hold of the house's
 * own, in the same script that frees them, so that no click comes between; from there to the first whose wish they fit,
 * and what fits nobody on sale. Whoever serves says so again and again: without it all ends within two minutes.
 */
export interface SetAside {
  /** Freed seats are set aside for the next minute; `passed` are on sale again. Answers those that are set aside now. */
  guard(show: ShowId, passed?: readonly SeatIndex[]): Promise<SeatIndex[] | Refusal>;
  /** Nobody waits any more: what was set aside is on sale. */
  end(show: ShowId): Promise<void | Refusal>;
  /** Whether such seats side by side can be had at this moment, by anybody. */
  fits(show: ShowId, wish: AsideWish): Promise<boolean | Refusal>;
  /**
   * Holds a block for the buyer under this id until the offer ends; null when no block fits, or others were faster. The
   * same id again answers the hold as it stands. Refuses LIMIT_REACHED to a buyer who has other seats in hand, and what
   * `Seats.hold` refuses.
   */
  offer(id: HoldId, buyer: BuyerId, wish: AsideWish, ttlMs: number): Promise<Hold | null | Refusal>;
  /** Which of these holds stand now, being paid for or not. */
  standing(show: ShowId, holds: readonly HoldId[]): Promise<Set<HoldId> | Refusal>;
  /** Ends this hold unless it is being paid for. */
  giveBack(id: HoldId, buyer: BuyerId): Promise<void | Refusal>;
}

export interface AsideWish {
  count: number;
  /** Any of these; empty: all the same. */
  tiers: readonly string[];
}

const GUARD_MS = 60_000;
/** Each try but the last found its blocks taken by clicks on seats that were on sale. */
const TRIES = 3;
const SEATS_PER_CALL = 200;

export function createSetAside(parts: {
  state: SeatState;
  offers: Pick<Offers, 'among'>;
  ask: (show: ShowId, work: () => Promise<HoldAnswer>) => Promise<HoldAnswer | Refusal>;
  tell: <T>(show: ShowId, work: () => Promise<T>) => Promise<T | Refusal>;
}): SetAside {
  const { state, offers, ask, tell } = parts;

  async function blocksFor(show: ShowId, { count, tiers }: AsideWish, aside: readonly SeatIndex[]) {
    const blocks: SeatIndex[][] = [];
    for (const tier of tiers.length > 0 ? tiers : [undefined]) {
      const found = await offers.among(show, { count, ...(tier === undefined ? {} : { tier }) }, aside);
      if (isRefusal(found)) return found;
      blocks.push(...found);
    }
    return blocks.slice(0, Math.floor(SEATS_PER_CALL / count));
  }

  return {
    guard: (show, passed) => tell(show, () => state.guard(show, GUARD_MS, passed)),

    async end(show) {
      const answer = await tell(show, () => state.guard(show, 0));
      return isRefusal(answer) ? answer : undefined;
    },

    async fits(show, wish) {
      const blocks = await blocksFor(show, wish, []);
      return isRefusal(blocks) ? blocks : blocks.length > 0;
    },

    async offer(id, buyer, wish, ttlMs) {
      const show = showOfHold(id);
      for (let tries = 0; tries < TRIES; tries++) {
        const aside = await tell(show, () => state.guard(show, GUARD_MS));
        if (isRefusal(aside)) return aside;
        const blocks = await blocksFor(show, wish, aside);
        if (isRefusal(blocks)) return blocks;
        // Without a block too: the hold may stand already, or the sale be paused.
        const asking = { buyer, id, ttlMs, limitMs: ttlMs, requestId: id };
        const answer = await ask(show, () => state.offer(show, asking, wish.count, blocks));
        if (isRefusal(answer) || answer.is !== 'TAKEN') return toHold(answer);
        if (blocks.length === 0) return null;
      }
      return null;
    },

    standing: (show, holds) => tell(show, () => state.standing(show, holds)),

    async giveBack(id, buyer) {
      const show = showOfHold(id);
      const answer = await ask(show, () => state.release(show, buyer, id, []));
      return isRefusal(answer) ? answer : undefined;
    }
  };
}
