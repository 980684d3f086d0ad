import type { AckLine } from './acks.ts';

/**
 * A lock checker. A hold is certainly its buyer's from the acknowledgement until its deadline, until the buyer asked to
 * let go; a booking keeps it until its time to pay is over, and for ever once it is confirmed. (One that is paid for too
 * late takes its seats again, if nobody has them: in between they may have been another's.) Another's hold of the same
 * seat was granted at some moment between its request and its acknowledgement: when all of that lies inside the first
 * one's certain time, both had the seat at once.
 */
export interface Overlap {
  seat: number;
  first: Told;
  second: Told;
}
interface Told {
  hold: string;
  buyer: string;
  sent: number;
  acked: number;
  /** The end of what is certain. */
  until: number;
}

/** The deadline is by the server's clock, the rest by the simulator's (ms). */
const CLOCKS_APART_MS = 1000;

export function overlaps(acks: readonly AckLine[]): Overlap[] {
  const booked = new Map<string, number>();
  const confirmed = new Map<string, number>();
  const released = new Map<string, number>();
  for (const ack of acks) {
    if (ack.what === 'pending')
      booked.set(ack.hold, Math.max(booked.get(ack.hold) ?? 0, ack.expires - CLOCKS_APART_MS));
    if (ack.what === 'confirmed') earliest(confirmed, ack.hold, ack.seen);
    if (ack.what === 'release') for (const seat of ack.seats) earliest(released, `${ack.hold}/${seat}`, ack.sent);
  }
  const bySeat = new Map<number, Map<string, Told>>();
  for (const ack of acks) {
    if (ack.what !== 'hold') continue;
    for (const seat of ack.seats) {
      const seen = confirmed.get(ack.hold) ?? Infinity;
      const paidUntil = booked.get(ack.hold) ?? ack.deadline - CLOCKS_APART_MS;
      const inTime = seen <= paidUntil;
      const certain = inTime ? Infinity : paidUntil;
      const until = Math.min(certain, released.get(`${ack.hold}/${seat}`) ?? Infinity);
      const told = bySeat.get(seat) ?? new Map<string, Told>();
      bySeat.set(seat, told);
      const { hold, buyer, sent, acked } = ack;
      // The same hold is acknowledged with each of its clicks: the first one counts.
      if (!told.has(hold)) told.set(hold, { hold, buyer, sent, acked, until });
      if (seen < Infinity && !inTime)
        told.set(`${hold} confirmed`, { hold, buyer, sent: seen, acked: seen, until: Infinity });
    }
  }
  return [...bySeat].flatMap(([seat, told]) => among(seat, [...told.values()]));
}

function earliest(times: Map<string, number>, key: string, at: number) {
  times.set(key, Math.min(times.get(key) ?? Infinity, at));
}

function among(seat: number, holds: Told[]): Overlap[] {
  holds.sort((a, b) => a.acked - b.acked);
  const found: Overlap[] = [];
  let longest: Told | undefined;
  for (const hold of holds) {
    if (longest && hold.sent > longest.acked && hold.acked < longest.until && hold.hold !== longest.hold)
      found.push({ seat, first: longest, second: hold });
    if (!longest || hold.until > longest.until) longest = hold;
  }
  return found;
}
