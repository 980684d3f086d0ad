import type { SeatIndex } from '#domain/seat-map.ts';

/** A seat that somebody else has just chosen is pointed at once, for this long (ms) … */
const PULSE_MS = 700;
/** … where seats are at least so large (px): further away the fading says enough … */
const PULSES_FROM = 9;
/** … and on so many at a time: where a whole section goes at once, each of them would point at nothing. */
const MOST = 16;

export interface Pulse {
  seat: SeatIndex;
  /** 0 … 1: how much of it is over. */
  share: number;
}

/** Choices of others of a moment ago. */
export class Pulses {
  readonly #begun = new Map<SeatIndex, number>();

  /** Somebody else holds this seat since now (ms). */
  begin(seat: SeatIndex, now: number) {
    this.#begun.delete(seat);
    this.#begun.set(seat, now);
    const [oldest] = this.#begun.keys();
    if (this.#begun.size > MOST && oldest !== undefined) this.#begun.delete(oldest);
  }

  /** The seat is free again, or somebody’s own: there is nothing to point at. */
  end(seat: SeatIndex) {
    this.#begun.delete(seat);
  }

  /** Those that are seen now, at `scale` pixels for a seat; the others are over. */
  at(now: number, scale: number): readonly Pulse[] {
    const seen: Pulse[] = [];
    for (const [seat, begun] of this.#begun) {
      const share = (now - begun) / PULSE_MS;
      if (share >= 1 || scale < PULSES_FROM) this.#begun.delete(seat);
      else seen.push({ seat, share: Math.max(0, share) });
    }
    return seen;
  }
}
