import { between, type Random } from '../../../server/rehearsal/buyers/random.ts';
import type { Child } from '../../../server/child.ts';
import type { Stack } from '../stack.ts';
import type { WorkloadApi } from '../workload/process.ts';

/** What has to hold (README, The audit): I for safety, L for what has to happen in time. */
export const INVARIANTS = [
  ...(['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I9', 'I10', 'I11'] as const),
  ...(['L1', 'L2', 'L3', 'L4', 'L5', 'L6'] as const)
];
export type Invariant = (typeof INVARIANTS)[number];

/** What a fault is done to, and what it may say of itself. */
export interface Field {
  stack: Stack;
  workload: Child<WorkloadApi>;
  random: Random;
  /** For the report. */
  note(line: string): void;
  /** The seats' Redis has lost its data, now: holds of before are over (I5). */
  lostRedis(): void;
  /** Something that must not be was seen by the fault itself. */
  broke(invariant: Invariant, what: string, evidence: unknown): void;
  /** Resolves after `ms`, or as soon as the run is given up. */
  wait(ms: number): Promise<void>;
}

export interface Fault {
  id: string;
  name: string;
  /** What the service is expected to do. */
  expected: string;
  /** How long it lasts (ms): in the ten minutes, and in the short form of `npm test`. */
  lastsMs: { long: number; short: number };
  /**
   * What does not have to hold while it lasts and for so long (ms) after: a degradation that is documented, never a sale
   * that may go wrong.
   */
  relaxes: Partial<Record<Invariant, number>>;
  /** What waits for its end: mails, and what else follows a commit. Their time begins then. */
  delays?: readonly ('mails' | 'work')[];
  /** Other faults at the same time would only hide what this one does. */
  alone?: true;
  /** What has to be possible again, and within which time (ms), once it is over. */
  recovers?: { what: 'hold' | 'book'; withinMs: number };
  /** While it lasts every checkout has to end in an answer. */
  noFailedCheckout?: true;
  /** The mail server’s yes dies with it before it is written down: then a mail goes out again, under its Message-ID. */
  killsWorker?: true;
  /** Does it; answers what ends it, where it does not end by itself. */
  begin(field: Field, lastsMs: number): Ending | Promise<Ending>;
}

export type Ending = (() => unknown) | undefined;

/** One of them, by the schedule's own dice. */
export function pick<T>(all: readonly T[], random: Random): T {
  const found = all[between(random, 0, all.length - 1)];
  if (found === undefined) throw new Error('there is nothing to pick from');
  return found;
}
