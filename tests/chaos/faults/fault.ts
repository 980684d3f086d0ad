import type { Random } from '../../../server/rehearsal/buyers/random.ts';
import type { Child } from '../../../server/child.ts';
import type { Stack } from '../stack.ts';
import type { WorkloadApi } from '../workload/process.ts';

/** What has to hold, as RELIABILITY names it: I for safety, L for what has to happen in time. */
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
   * that may go wrong. Infinity stands for what cannot be told apart any more.
   */
  relaxes: Partial<Record<Invariant, number>>;
  /** Other faults at the same time would only hide what this one does. */
  alone?: true;
  /** What has to be possible again, and within which time (ms), once it is over. */
  recovers?: { what: 'hold' | 'book'; withinMs: number };
  /** While it lasts every checkout has to end in an answer. */
  noFailedCheckout?: true;
  /** The mail server’s yes may get lost before it is written down: then a mail goes out again, under its Message-ID. */
  repeatsMails?: true;
  /** Does it; resolves when it has begun, with what ends it. */
  begin(field: Field, lastsMs: number): Promise<() => Promise<void>>;
}

export const nothingToEnd = () => Promise.resolve();
