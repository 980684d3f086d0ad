import type { LiveMap } from '#domain/live-map.ts';
import { SeatState, type SeatIndex } from '#domain/seat-map.ts';
import type { House } from './house.ts';

/** Available seats of each block, kept up to date seat by seat: counting 100,000 for each frame would show. */
export class Tally {
  readonly available: Uint32Array;
  readonly #seen: Uint8Array;
  readonly #house: House;
  readonly #live: LiveMap;

  constructor(house: House, live: LiveMap) {
    this.#house = house;
    this.#live = live;
    this.available = new Uint32Array(house.blocks.length);
    this.#seen = new Uint8Array(house.plan.capacity).fill(255);
    this.changed('all');
  }

  changed(seats: readonly SeatIndex[] | 'all') {
    if (seats !== 'all') return seats.forEach((seat) => this.#count(seat));
    for (let seat = 0; seat < this.#seen.length; seat++) this.#count(seat);
  }

  #count(seat: SeatIndex) {
    const state = this.#live.state(seat);
    const before = this.#seen[seat];
    if (before === state) return;
    const block = this.#house.blockOf[seat] ?? 0;
    const count = this.available[block] ?? 0;
    if (state === SeatState.available) this.available[block] = count + 1;
    else if (before === SeatState.available) this.available[block] = count - 1;
    this.#seen[seat] = state;
  }
}
