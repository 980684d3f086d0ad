import { currentLocale } from '#domain/language.ts';
import { fetchHouse } from './fetch-house.ts';
import { fetchSeats } from './fetch-seats.ts';
import type { House } from './house.ts';
import type { LiveShow } from './live-show.svelte.ts';

/** A show's house on its way to the page: how much of it is here (a stadium is long under way on a slow line), or that it did not come. */
export class HouseDoor {
  house = $state.raw<House | null>(null);
  broken = $state(false);
  /** Bytes of the plan that are here, in words. */
  progress = $state<string | null>(null);
  readonly #show: LiveShow;

  constructor(show: LiveShow) {
    this.#show = show;
  }

  async open(
    show: { id: string; planId: string },
    prices: readonly { tier: string; price: number }[]
  ): Promise<House | null> {
    this.broken = false;
    if (this.#show.live.epoch === 0) void this.#foresee(show.id);
    const opened = await fetchHouse(show, prices, (bytes) => {
      this.progress = `${Math.round(bytes / 1000).toLocaleString(currentLocale())} kB`;
    });
    this.progress = null;
    if (!opened) {
      this.broken = true;
      return null;
    }
    const { house, planId } = opened;
    this.#show.nameOf = (seat) => house.name(seat).short;
    this.#show.planId = planId;
    return (this.house = house);
  }

  /** The first picture does not wait for the socket, which goes on from here; if that was faster, this is old. */
  async #foresee(show: string) {
    const seats = await fetchSeats(show);
    if (seats) this.#show.live.snapshot(seats);
  }
}
