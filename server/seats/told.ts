import { LRUCache } from 'lru-cache';
import type { BuyerId, ShowId } from '#domain/ids.ts';
import type { MapVersion } from './seat-state.ts';

/** Enough for all who click at the same time on one node; who is forgotten is told once more what they know. */
const REMEMBERED = 50_000;

/** Up to which version of a show's map this node has answered a buyer: so far they know their hold from the answer itself. */
export class Told {
  readonly #last = new LRUCache<string, MapVersion>({ max: REMEMBERED });

  note(show: ShowId, buyer: BuyerId, at: MapVersion): void {
    this.#last.set(`${show} ${buyer}`, at);
  }

  of(show: ShowId, buyer: BuyerId): MapVersion | null {
    return this.#last.get(`${show} ${buyer}`) ?? null;
  }
}
