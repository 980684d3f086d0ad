import type { AuditReport } from '../../server/audit/audit.ts';
import type { Fault, Invariant } from './faults/fault.ts';
import type { Op } from './history.ts';
import { later } from './machine.ts';
import type { Look } from './watch.ts';

/** A fault as it was played: from the moment it was done until it had ended (ms since 1970). */
export interface Played {
  round: number;
  fault: Fault;
  from: number;
  to: number;
  /** When the last fault of its round had ended. */
  roundTo: number;
  notes: string[];
}

export interface StoredBooking {
  id: string;
  hold: string;
  status: string;
  total: number;
  confirmed: boolean;
  seats: number[];
}

/** Something that follows a commit: when its time had come, and when it was done (null: it is not). */
export interface FollowUp {
  id: string;
  /** Of the outbox, or `payment`: what the gateway decided, and when we knew. */
  kind: string;
  due: number;
  done: number | null;
}

/** Everything that was seen of a run. */
export interface Evidence {
  history: readonly Op[];
  /** When Redis lost its data. */
  losses: readonly number[];
  looks: readonly Look[];
  played: readonly Played[];
  /** Of the moments between the rounds, and of the end. */
  audits: readonly { at: number; report: AuditReport }[];
  bookings: readonly StoredBooking[];
  /** The confirmation of each booking that was ever confirmed, and when the mail server said yes to it. */
  mails: readonly { booking: string; accepted: readonly number[] }[];
  /** What took longer than it may in quiet times. */
  slow: readonly FollowUp[];
  /** What was open when the wait for it was given up: work of the outbox, and bookings that wait for a payment. */
  left: number;
  /** At rest: the server's map, and every client's. */
  rest: { server: string | null; clients: readonly { client: number; hash: string }[] };
  /** When the buyers stopped clicking, and when the last look was. */
  overAt: number;
  endAt: number;
  residentAtMost: number;
  /** What faults saw themselves. */
  told: readonly Violation[];
}

export interface Violation {
  invariant: Invariant;
  /** When (ms since 1970); null: it was found when all was over. */
  at: number | null;
  what: string;
  evidence: unknown;
}

/**
 * Until when something has to be done that has `ms` (of an unhindered machine) from `start` on: later only by faults that
 * were in its way before that, from the end of each.
 */
export function promisedUntil(
  start: number,
  ms: number,
  of: 'mails' | 'work',
  { played, looks }: Pick<Evidence, 'played' | 'looks'>
): number {
  const inItsWay = played.filter(({ fault }) => fault.delays?.includes(of)).sort((a, b) => a.from - b.from);
  let until = later(start, ms, looks);
  for (const { from, to } of inItsWay) if (from <= until) until = Math.max(until, later(to, ms, looks));
  return until;
}

/** The same trouble is told once, as it was first seen. */
export function firstOf<T>(all: readonly T[], keyOf: (one: T) => string): T[] {
  const known = new Set<string>();
  return all.filter((one) => {
    const key = keyOf(one);
    return known.has(key) ? false : known.add(key);
  });
}
