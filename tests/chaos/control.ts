import { setTimeout as pause } from 'node:timers/promises';
import { startChild } from '../../server/child.ts';
import { wallClock } from '../../server/rehearsal/buyers/frames.ts';
import { check } from './checker.ts';
import type { Violation } from './evidence.ts';
import type { Invariant } from './faults/fault.ts';
import { showAsFree } from './faults/redis.ts';
import { CAP, startStack, type Servers, type Stack } from './stack.ts';
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
  found: Violation[];
  red: boolean;
}

const EXPECTED: Record<Broken, Invariant> = { index: 'I1', owner: 'I5' };
const SEATS: Record<Broken, number[]> = { owner: [300, 301, 302], index: [700, 701, 702] };
/** Two looks after what was done. */
const LOOKED_MS = 1500;

/** One stack with all that is broken; each control has seats of its own. */
export async function runControls(servers: Servers, all: readonly Broken[], folder: string): Promise<Control[]> {
  const stack = await startStack(servers, {
    ...{ name: 'broken', nodes: 1, seats: 1350, customers: 20, folder, inline: true },
    broken: all.map((broken) => `no-${broken}`)
  });
  const workload = await startChild<WorkloadApi>(`${import.meta.dirname}/workload/process.ts`);
  try {
    const { url, show, price, capacity, rows, secret, customers } = stack;
    const buyers = { buyers: 0, thinkMs: 1000, bookShare: 0, cap: CAP, seed: 'control' };
    await workload.ask('start', { url, show, price, capacity, rows, secret, customers, ...buyers });
    const watch = startWatch(stack, workload);
    // One after the other: who comes second finds the seat in the hands of the first.
    if (all.includes('owner'))
      await workload.ask('rush', { seats: SEATS.owner, perSeat: 2, buys: false, apartMs: 500, keepMs: 1000 });
    if (all.includes('index')) {
      await stack.db.query('drop index one_booking_per_seat');
      await workload.ask('rush', { seats: SEATS.index, perSeat: 1, buys: true });
      await followed(stack);
      await showAsFree(stack, SEATS.index);
      await workload.ask('rush', { seats: SEATS.index, perSeat: 1, buys: true });
    }
    await pause(LOOKED_MS);
    await watch.stop();
    const { broken: found } = check({
      ...{ history: watch.history, looks: watch.looks, losses: [], played: [], audits: [], told: [] },
      ...{ bookings: [], mails: [], slow: [], left: 0, rest: { server: null, clients: [] } },
      ...{ overAt: wallClock(), endAt: wallClock(), residentAtMost: Infinity }
    });
    return all.map((broken) => {
      const own = found.filter(({ invariant }) => invariant === EXPECTED[broken]);
      return { broken, expected: EXPECTED[broken], found: own, red: own.length > 0 };
    });
  } finally {
    await workload.stop();
    await stack.stop();
  }
}

/** Redis has heard of every booking. */
async function followed({ db }: Stack): Promise<void> {
  for (let open = 1; open > 0; await pause(100)) {
    const { rows } = await db.query<{ open: number }>(
      `select count(*) as open from outbox where kind = 'seats.sync' and done_at is null`
    );
    open = rows[0]?.open ?? 0;
  }
}
