import { setTimeout as pause } from 'node:timers/promises';
import { startChild } from '../../server/child.ts';
import { wallClock } from '../../server/rehearsal/buyers/frames.ts';
import { check, type Verdict } from './checker.ts';
import type { Invariant } from './faults/fault.ts';
import { showAsFree } from './faults/redis.ts';
import { startStack, type Servers } from './stack.ts';
import { startWatch } from './watch.ts';
import type { WorkloadApi } from './workload/process.ts';

/**
 * A build that is broken on purpose: a checker that never finds anything proves nothing. `index`: nothing in Postgres keeps
 * a seat from being sold twice, and Redis shows sold seats as available. `owner`: the hold script takes seats that others
 * hold.
 */
export type Broken = 'index' | 'owner';

export interface Control {
  broken: Broken;
  /** What has to be found. */
  expected: Invariant;
  verdict: Verdict;
  red: boolean;
}

const EXPECTED: Record<Broken, Invariant> = { index: 'I1', owner: 'I5' };
const SEATS = [700, 701, 702, 703, 704];

export async function runControl(servers: Servers, broken: Broken, folder: string): Promise<Control> {
  const stack = await startStack(servers, {
    ...{ name: `broken${broken}`, nodes: 1, seats: 1350, customers: 60, folder },
    broken: [`no-${broken}`]
  });
  const workload = await startChild<WorkloadApi>(`${import.meta.dirname}/workload/process.ts`);
  try {
    const { url, show, capacity, rows, secret, customers } = stack;
    const buyers = { buyers: 0, thinkMs: 1000, bookShare: 0, cap: 12, seed: 'control' };
    await workload.ask('start', { url, show, capacity, rows, secret, customers, ...buyers });
    if (broken === 'index') await stack.db.query('drop index one_booking_per_seat');
    const watch = startWatch(stack, workload);
    const again = { seats: SEATS, perSeat: broken === 'index' ? 1 : 4, buys: broken === 'index' };
    await workload.ask('rush', again);
    if (broken === 'index') {
      await showAsFree(stack, SEATS);
      await workload.ask('rush', again);
    }
    await pause(1200);
    await watch.stop();
    const verdict = check({
      ...{ history: watch.history, looks: watch.looks, losses: [], played: [], audits: [], told: [] },
      ...{ bookings: [], mails: [], left: 0, rest: { server: null, clients: [] } },
      ...{ overAt: wallClock(), residentAtMost: Infinity }
    });
    const expected = EXPECTED[broken];
    return { broken, expected, verdict, red: verdict.broken.some(({ invariant }) => invariant === expected) };
  } finally {
    await workload.stop();
    await stack.stop();
  }
}
