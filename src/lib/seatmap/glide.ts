/** How a drag goes on after the finger has let go: slower and slower, as a coin on a table. */

/** Only how the finger moved last (ms) says where it was going. */
const LAST_MS = 80;
/** Held still so long (ms) before letting go, the map stays where it is. */
const STILL_MS = 45;
/** The speed falls to a third in this time (ms). */
const FALL_MS = 260;
/** Pixels for each ms: slower is not worth going on, faster loses sight of the house. */
const LEAST = 0.06;
const MOST = 4;

export interface Speed {
  x: number;
  y: number;
}

export class Glide {
  #steps: { dx: number; dy: number; at: number }[] = [];

  moved(dx: number, dy: number, at: number) {
    this.#steps = [...this.#steps.filter((step) => at - step.at <= LAST_MS), { dx, dy, at }];
  }

  forget() {
    this.#steps = [];
  }

  /** Pixels for each ms when the finger lets go, or null when it had come to rest. */
  speed(at: number): Speed | null {
    const last = this.#steps.at(-1);
    const steps = this.#steps.filter((step) => at - step.at <= LAST_MS);
    const first = steps[0];
    if (!last || !first || at - last.at > STILL_MS || steps.length < 2) return null;
    const span = Math.max(8, last.at - first.at);
    // What the first step covered was covered before the span began.
    const sum = (of: 'dx' | 'dy') => steps.slice(1).reduce((all, step) => all + step[of], 0);
    const [x, y] = [sum('dx') / span, sum('dy') / span];
    const fast = Math.hypot(x, y);
    if (fast < LEAST) return null;
    const kept = Math.min(1, MOST / fast);
    return { x: x * kept, y: y * kept };
  }
}

/** `ms` later: how far it went, and how fast it still is; null when it has come to rest. */
export function glideOn({ x, y }: Speed, ms: number): { dx: number; dy: number; speed: Speed | null } {
  const rest = Math.exp(-ms / FALL_MS);
  const way = FALL_MS * (1 - rest);
  const speed = Math.hypot(x, y) * rest < LEAST ? null : { x: x * rest, y: y * rest };
  return { dx: x * way, dy: y * way, speed };
}
