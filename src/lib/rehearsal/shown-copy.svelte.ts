import { LiveMap } from '#domain/live-map.ts';
import { STATE_NAMES, type SeatIndex } from '#domain/seat-map.ts';
import type { ShownSeats } from '$lib/seatmap/shown.ts';

/** The copy's seats as the last look found them, for the map. */
export class ShownCopy implements ShownSeats {
  readonly live = new LiveMap();
  readonly mine: ReadonlySet<SeatIndex> = new Set();
  readonly trouble = null;
  readonly found: readonly SeatIndex[] = [];
  revision = $state(0);
  readonly #capacity: number;
  readonly #listeners = new Set<(seats: readonly SeatIndex[] | 'all') => void>();
  #looks = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.live.onChange((seats) => {
      this.revision++;
      for (const listener of this.#listeners) listener(seats);
    });
  }

  /** `map`: 2 bits a seat, base64. */
  show(map: string) {
    const bytes = Uint8Array.from(atob(map), (sign) => sign.charCodeAt(0));
    this.live.snapshot({ epoch: ++this.#looks, version: 0, capacity: this.#capacity, map: bytes });
  }

  onSeats(listener: (seats: readonly SeatIndex[] | 'all') => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  look = (seat: SeatIndex) => STATE_NAMES[this.live.state(seat)];
  toggle = () => undefined;
}
