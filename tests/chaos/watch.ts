import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Redis } from 'ioredis';
import { collector } from '../../server/audit/check.ts';
import { LIVE_CHECKS, lookAt } from '../../server/audit/live.ts';
import { wallClock } from '../../server/rehearsal/buyers/frames.ts';
import { createKeys } from '../../server/redis/keys.ts';
import type { Child } from '../../server/child.ts';
import type { Op } from './history.ts';
import type { Invariant } from './faults/fault.ts';
import { measureMachine } from './machine.ts';
import type { Stack } from './stack.ts';
import type { Seen, WorkloadApi } from './workload/process.ts';

/** One look at the running sale. Null where a server could not be asked: then nobody can be sold anything there either. */
export interface Look {
  at: number;
  /** Of what an unhindered machine does, what this one did since the look before: see machine.ts. */
  share: number;
  /** Seats with more than one live booking. */
  doubles: { show: string; seat: number; bookings: string[] }[] | null;
  head: { epoch: number; version: number } | null;
  /** What Redis shows that must not be, by the audit's own live checks. */
  live: { invariant: Invariant; check: string; key: string; evidence: Record<string, unknown> }[] | null;
  seen: Seen[];
  /** Resident memory of each process of the service, in bytes. */
  resident: Record<string, number>;
}

export interface Watch {
  looks: Look[];
  history: Op[];
  stop(): Promise<void>;
}

const EVERY_MS = 1000;
const ASK_WITHIN_MS = 800;

/** Looks once a second, and collects what the clients have done. */
export function startWatch(stack: Stack, workload: Child<WorkloadApi>): Watch {
  const looks: Look[] = [];
  const history: Op[] = [];
  const redis = openLooker(stack);
  const shareSince = measureMachine();
  let stopped = false;

  async function look(): Promise<void> {
    const { ops, seen } = await workload.ask('take', undefined);
    // In place: a run has some hundred thousand operations.
    for (const op of ops) history.push(op);
    const at = wallClock();
    const [share, doubles, live, resident] = await Promise.all([
      shareSince(),
      within(doublesOf(stack)),
      within(liveOf(stack, redis)),
      residentOf(stack)
    ]);
    looks.push({ at, share, doubles, head: live?.head ?? null, live: live?.findings ?? null, seen, resident });
  }

  const watching = (async () => {
    for (let next = performance.now(); !stopped;) {
      await look();
      next = Math.max(next + EVERY_MS, performance.now());
      await new Promise((resolve) => setTimeout(resolve, next - performance.now()));
    }
  })();
  // A run whose watching fails has shown nothing: heard at the end.
  watching.catch(() => undefined);

  return {
    ...{ looks, history },
    async stop() {
      stopped = true;
      await watching;
      await look();
      redis.disconnect();
    }
  };
}

export function openLooker(stack: Stack): Redis {
  const redis = new Redis(stack.audited.redisUrl, {
    ...{ enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: ASK_WITHIN_MS, retryStrategy: () => 100 }
  });
  redis.on('error', () => undefined);
  return redis;
}

/** Null when it fails or takes too long. */
const within = <T>(work: Promise<T>): Promise<T | null> =>
  Promise.race([
    work.catch(() => null),
    new Promise<null>((resolve) => setTimeout(() => resolve(null), 2 * ASK_WITHIN_MS).unref())
  ]);

async function doublesOf({ db }: Stack) {
  const { rows } = await db.query<{ show: string; seat: number; bookings: string[] }>(
    `select show_id as show, seat_index as seat, array_agg(booking_id::text) as bookings
       from booking_seat where live group by show_id, seat_index having count(*) > 1 limit 20`
  );
  return rows;
}

async function liveOf(stack: Stack, redis: Redis) {
  const { found, add } = collector(LIVE_CHECKS);
  const keys = createKeys(stack.audited.redisPrefix);
  const sight = await lookAt({ sql: stack.db, redis, keys }, stack.show, add, { withLog: false });
  const findings = LIVE_CHECKS.flatMap(({ invariant, name }) =>
    (found.get(name) ?? []).map(({ key, evidence }) => ({ invariant, check: name, key, evidence }))
  );
  return { findings, head: sight && { epoch: sight.show.epoch, version: sight.show.version } };
}

/** The map as the server has it, to be compared with the clients'. */
export async function serverMap(stack: Stack, redis: Redis) {
  const { found, add } = collector(LIVE_CHECKS);
  const keys = createKeys(stack.audited.redisPrefix);
  const sight = await lookAt({ sql: stack.db, redis, keys }, stack.show, add, { withLog: false });
  void found;
  if (!sight) return null;
  const { epoch, version, map } = sight.show;
  return { epoch, version, hash: createHash('sha256').update(map).digest('hex') };
}

async function residentOf({ programs }: Stack): Promise<Record<string, number>> {
  const sizes = await Promise.all(
    programs.map(async ({ name, pid }): Promise<[string, number]> => {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      return [name, Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024];
    })
  );
  return Object.fromEntries(sizes);
}
