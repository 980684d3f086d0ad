import type { SeatIndex } from '#domain/seat-map.ts';
import type { Picks } from '$lib/seatmap/shown.ts';

/** The seats that something is to be done with. */
export class Selection implements Picks {
  picked = $state.raw<ReadonlySet<SeatIndex>>(new Set());
  framing = $state(false);

  /** One seat picked again is let go. */
  pick(seats: readonly SeatIndex[], add: boolean) {
    const [only] = seats;
    const again = seats.length === 1 && only !== undefined && this.picked.has(only);
    if (!add) this.picked = new Set(again && this.picked.size === 1 ? [] : seats);
    else if (again) this.picked = new Set([...this.picked].filter((seat) => seat !== only));
    else this.picked = new Set([...this.picked, ...seats]);
  }

  clear() {
    this.picked = new Set();
  }
}
