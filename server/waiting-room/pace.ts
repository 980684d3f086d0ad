/**
 * How many are admitted in a minute: what the organizer allows at most, less where the service or the house is busy. Each
 * measure counts in full up to its first value, not at all from its second, and in proportion between; the worst decides.
 */
export interface Measured {
  /** The 99th percentile of the event loop's delay in the last second, of the busiest node (ms). */
  loopMs: number;
  /** The slowest hold of the last second, of the slowest node (ms). */
  holdMs: number;
  /** Admitted, with time left. */
  inside: number;
  available: number;
  held: number;
}

const LOOP_MS = [40, 200] as const;
const HOLD_MS = [100, 1000] as const;
/** Of the seats that are not booked, how many are in holds: those who come now would find little to choose from. */
const HELD_SHARE = [0.6, 0.95] as const;
/** People inside for each seat that is left. */
const INSIDE_PER_SEAT = [0.5, 1] as const;

const share = (value: number, [full, none]: readonly [number, number]) =>
  Math.min(1, Math.max(0, (none - value) / (none - full)));

export function paceOf(perMinute: number, { loopMs, holdMs, inside, available, held }: Measured): number {
  const service = Math.min(share(loopMs, LOOP_MS), share(holdMs, HOLD_MS));
  const left = available + held;
  // Nothing is left to wait for: whoever waits may see that for themselves, and join the waiting list.
  if (left === 0) return perMinute * service;
  const house = Math.min(share(held / left, HELD_SHARE), share(inside / left, INSIDE_PER_SEAT));
  return perMinute * Math.min(service, house);
}
