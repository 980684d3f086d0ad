import { audited, endsInTime, mailsMissing, slowRecovery, stuck } from './checks/aftermath.ts';
import { doubleSales, failedCheckouts, holdsOverlap, lostBookings, repeats, sentAway } from './checks/answers.ts';
import {
  differAtRest,
  liveLooks,
  staleClients,
  tooMuchMemory,
  twiceInTheBooks,
  versionGoesBack
} from './checks/looks.ts';
import { promisedUntil, type Evidence, type Played, type Violation } from './evidence.ts';

export interface Verdict {
  broken: Violation[];
  /** What was found where a fault allows it. */
  relaxed: Violation[];
}

const CHECKS: readonly ((seen: Evidence) => Violation[])[] = [
  ({ told }) => [...told],
  ...[doubleSales, lostBookings, holdsOverlap, repeats, sentAway, failedCheckouts],
  ...[twiceInTheBooks, liveLooks, staleClients, differAtRest, versionGoesBack, tooMuchMemory],
  ...[audited, mailsMissing, endsInTime, slowRecovery, stuck]
];

/** Everything that must hold, against everything that was seen. */
export function check(seen: Evidence): Verdict {
  const all = CHECKS.flatMap((one) => one(seen));
  const relaxed = all.filter((violation) => seen.played.some((one) => allows(one, violation, seen)));
  return { broken: all.filter((violation) => !relaxed.includes(violation)), relaxed };
}

/**
 * What is found at the end is allowed by nothing: by then every fault is over. Mending is work that another fault may hold
 * up: while Postgres is away nothing is compared with it.
 */
function allows({ fault, from, to }: Played, { invariant, at }: Violation, seen: Evidence): boolean {
  const graceMs = fault.relaxes[invariant];
  return graceMs !== undefined && at !== null && at >= from && at <= promisedUntil(to, graceMs, 'work', seen);
}
