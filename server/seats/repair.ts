import type { HoldId, ShowId } from '#domain/ids.ts';
import { isRefusal, type Refusal } from '#domain/refusal.ts';
import { unlessMissing, type SeatState, type TakenCount } from './seat-state.ts';

/** What puts a damaged map right. The reconciler finds out what is wrong; see also `Seats.mend`. */
export interface Repair {
  /** Holds that have lost a part get it back, from what they say of themselves. Answers how many had. */
  holds(show: ShowId, holds: readonly HoldId[]): Promise<number | Refusal>;
  /** Sums, where they are still as they were seen. Answers how many were changed. */
  sums(
    show: ShowId,
    head: { version: number; booked: number; blocked: number },
    taken: readonly TakenCount[]
  ): Promise<number | Refusal>;
  /** Makes the whole map anew from Postgres: open holds are lost, and their buyers are told. Leases come back. */
  renew(show: ShowId): Promise<void | Refusal>;
  /** Looks whether another Redis has taken over, and lets the map go on under a new epoch then. */
  takeover(show: ShowId): Promise<void | Refusal>;
}

const HOLDS_PER_CALL = 20;
const COUNTS_PER_CALL = 200;

export function createRepair(parts: {
  state: SeatState;
  tell: <T>(show: ShowId, work: () => Promise<T>) => Promise<T | Refusal>;
  attempt: <T>(what: string, work: () => Promise<T>) => Promise<T | Refusal>;
  rebuild: (show: ShowId) => Promise<void | Refusal>;
  takeover: (show: ShowId) => Promise<void>;
}): Repair {
  const { state, tell, attempt, rebuild, takeover } = parts;

  async function inPortions<T>(
    all: readonly T[],
    size: number,
    work: (some: readonly T[]) => Promise<number | Refusal>
  ) {
    let changed = 0;
    for (let at = 0; at < all.length; at += size) {
      const answer = await work(all.slice(at, at + size));
      if (isRefusal(answer)) return answer;
      changed += answer;
    }
    return changed;
  }

  return {
    holds: (show, holds) => inPortions(holds, HOLDS_PER_CALL, (some) => tell(show, () => state.restore(show, some))),
    async sums(show, head, taken) {
      const ofMap = await tell(show, () => state.recount(show, head, []));
      if (isRefusal(ofMap)) return ofMap;
      const ofBuyers = await inPortions(taken, COUNTS_PER_CALL, (some) =>
        tell(show, () => state.recount(show, head, some))
      );
      return isRefusal(ofBuyers) ? ofBuyers : ofMap + ofBuyers;
    },
    takeover: (show) =>
      attempt('takeover', async () => {
        await takeover(show).catch(unlessMissing);
      }),
    renew: (show) =>
      attempt('renew', async () => {
        await state.distrust(show);
        return rebuild(show);
      }).then((answer) => (isRefusal(answer) ? answer : undefined))
  };
}
