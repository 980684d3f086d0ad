import type { Config } from '../../server/config.ts';

/** What a bench is, and what it is given. One file a bench; run.ts knows them all. */

/** One measurement of each side, made one right after the other. */
export interface Round {
  /** Which of the bench's cases this is; '' where it has one only. */
  case: string;
  value: number;
  baseline: number;
}

/** What value ÷ baseline should be. */
export type Goal = { atMost: number } | { atLeast: number };

/** One line of the table: a bench has one, or one for each of its cases. */
export interface Row {
  /** '' when the bench has one line only. */
  case: string;
  unit: string;
  goal: Goal;
}

export interface Bench {
  name: string;
  /** What is measured, against what. */
  what: string;
  baseline: string;
  rows: readonly Row[];
  run(context: Context, progress: Progress): Promise<Round[]>;
}

/** Called at the start of each round, which is counted from 1; `step` says more where a round takes long. */
export type Progress = (round: number, step?: string) => void;

export interface Context {
  rounds: number;
  redisUrl: string;
  /** A database and a Redis prefix of its own. */
  config(overrides?: Record<string, string>): Promise<Config>;
  /** The same as environment variables, for a process of its own. */
  environment(overrides?: Record<string, string>): Promise<Record<string, string>>;
}

/**
 * Measures both sides in every round. Which side comes first changes from round to round, so that neither always
 * finds the machine the other has warmed up (or filled up).
 */
export async function alternate(
  round: number,
  value: () => Promise<number>,
  baseline: () => Promise<number>
): Promise<{ value: number; baseline: number }> {
  if (round % 2 === 1) {
    const first = await baseline();
    return { value: await value(), baseline: first };
  }
  const first = await value();
  return { value: first, baseline: await baseline() };
}

/** Calls `work` for 0 … count − 1, `width` of them under way at any time. */
export async function inFlight(count: number, width: number, work: (n: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: width }, lane));
}

/** Milliseconds by a clock that all processes of the machine share. */
export const clock = () => Number(process.hrtime.bigint()) / 1e6;

export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
