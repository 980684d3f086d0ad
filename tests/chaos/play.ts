import { setTimeout as pause } from 'node:timers/promises';
import { wallClock } from '../../server/rehearsal/buyers/frames.ts';
import { seeded } from '../../server/rehearsal/buyers/random.ts';
import type { Child } from '../../server/child.ts';
import type { Played, Violation } from './evidence.ts';
import type { Fault, Field } from './faults/fault.ts';
import type { Round } from './schedule.ts';
import type { Stack } from './stack.ts';
import type { WorkloadApi } from './workload/process.ts';

/** Does the faults of one round, ends them, and tells when each was. */
export interface Told {
  played: Played[];
  losses: number[];
  told: Violation[];
}

/** A fault that cannot be done, or not be ended, is the run's own trouble. */
const BEGINS_WITHIN_MS = 150_000;

export async function playRound(stack: Stack, workload: Child<WorkloadApi>, round: Round): Promise<Told> {
  const losses: number[] = [];
  const told: Violation[] = [];
  const began = performance.now();
  /** What cannot be done or ended (a process that does not come back) is a finding like any other; the run goes on. */
  const stuck = (fault: Fault) => (error: unknown) => {
    told.push({ invariant: 'L4', at: wallClock(), what: `${fault.id}: ${String(error)}`, evidence: null });
    return undefined;
  };
  const left = () => Math.max(0, round.lastsMs + round.apartMs - (performance.now() - began));
  const under = await Promise.all(
    round.faults.map(async (fault, n) => {
      const notes: string[] = [];
      const field: Field = {
        ...{ stack, workload, random: seeded(`${round.seed}/${fault.id}`), wait: (ms) => pause(ms) },
        note: (line) => void notes.push(line),
        lostRedis: () => void losses.push(wallClock()),
        broke: (invariant, what, evidence) => void told.push({ invariant, at: wallClock(), what, evidence })
      };
      if (n > 0) await pause(round.apartMs);
      const from = wallClock();
      const end = await inTime(`${fault.id} begins`, async () => fault.begin(field, round.lastsMs)).catch(stuck(fault));
      return { fault, notes, from, end };
    })
  );
  await pause(left());
  const ended = await Promise.all(
    under.map(async ({ fault, notes, from, end }) => {
      await inTime(`${fault.id} ends`, async () => end?.()).catch(stuck(fault));
      return { fault, notes, from, to: wallClock() };
    })
  );
  const roundTo = wallClock();
  return { played: ended.map((one) => ({ ...one, round: round.n, roundTo })), losses, told };
}

async function inTime<T>(what: string, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${BEGINS_WITHIN_MS} ms`)), BEGINS_WITHIN_MS);
  });
  return Promise.race([work(), late]).finally(() => clearTimeout(timer));
}
