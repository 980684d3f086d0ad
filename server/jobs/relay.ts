import type { Queue } from 'bullmq';
import { faultPoint } from '../booking/fault-points.ts';
import { isOutboxKind } from '../booking/outbox.ts';
import type { Database } from '../db/database.ts';
import type { Logger } from '../log.ts';
import { passOn } from '../tracing/spans.ts';
import { QUEUES, queueOf, type QueueName } from './handlers.ts';

/**
 * Outbox → queues. The table is the truth and the queue a hint: a row that was handed over but is not done after
 * a while is handed over again, so a queue that was wiped loses nothing. Jobs look at the row before they work.
 */
export interface RelayOptions {
  everyMs: number;
  /** Dispatched this long ago (ms) and still not done: the job is presumed lost. */
  redispatchAfterMs: number;
}

const PORTION = 200;
/** Work that has failed for three quarters of an hour (at the default) is tried ten times less often. */
const PATIENT_AFTER = 60;
const JOB = {
  attempts: 6,
  backoff: { type: 'exponential', delay: 1000, jitter: 0.5 },
  removeOnComplete: { age: 3600, count: 1000 },
  removeOnFail: { age: 86_400, count: 1000 }
};

interface OutboxRow {
  id: number;
  kind: string;
  payload: unknown;
  dispatches: number;
  traceparent: string | null;
}

export interface OutboxJob {
  outboxId: number;
  payload: unknown;
  /** The trace that the work belongs to; not there in a job of an earlier version. */
  traceparent?: string | null;
}

export interface Relay {
  start(): void;
  /** Something was written to the outbox: look now. */
  poke(): void;
  close(): Promise<void>;
}

export function createRelay(parts: {
  db: Database;
  queues: Record<QueueName, Queue<OutboxJob>>;
  /** False while the queue's Redis is away: rows wait in the table. */
  isOpen: () => boolean;
  log: Logger;
  options: RelayOptions;
}): Relay {
  const { db, queues, log, options } = parts;

  /** Hands over one portion; answers how many rows it had. Several relays pass each other by `skip locked`. */
  async function dispatch(): Promise<number> {
    const count = await db.transaction(async (sql) => {
      const due = await sql.query<OutboxRow>(
        `select id, kind, payload, dispatches, traceparent from outbox
          where done_at is null and due_at <= now()
            and (dispatched_at is null or dispatched_at <= now()
                 - make_interval(secs => $1::double precision / 1000) * case when dispatches > ${PATIENT_AFTER} then 10 else 1 end)
          order by due_at limit ${PORTION} for update skip locked`,
        [options.redispatchAfterMs]
      );
      if (due.rows.length === 0) return 0;
      for (const name of QUEUES) {
        const jobs = due.rows.flatMap((row) => {
          if (!isOutboxKind(row.kind)) {
            log.error({ kind: row.kind, id: row.id }, 'the outbox holds work of an unknown kind');
            return [];
          }
          if (queueOf(row.kind) !== name) return [];
          // Should we die before the row is marked, the same id makes the queue ignore the second adding.
          const opts = { ...JOB, jobId: `outbox-${row.id}-${row.dispatches}` };
          const traceparent = passOn(`relay ${row.kind}`, row.traceparent);
          return [{ name: row.kind, data: { outboxId: row.id, payload: row.payload, traceparent }, opts }];
        });
        if (jobs.length > 0) await queues[name].addBulk(jobs);
      }
      faultPoint('relay:after-add');
      await sql.query('update outbox set dispatched_at = now(), dispatches = dispatches + 1 where id = any($1)', [
        due.rows.map((row) => row.id)
      ]);
      return due.rows.length;
    });
    if (count > 0) faultPoint('relay:after-dispatch');
    return count;
  }

  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let pokedMeanwhile = false;
  let closed = true;
  let complained = false;

  async function round(): Promise<void> {
    if (!parts.isOpen()) return;
    try {
      while (!closed && (await dispatch()) === PORTION);
      complained = false;
    } catch (error) {
      // Postgres or Redis is away: the next round tries again, and says so once.
      if (!complained) log.warn({ err: error }, 'the outbox could not be relayed; trying again');
      complained = true;
    }
  }

  function run(): void {
    if (closed) return;
    if (running) {
      pokedMeanwhile = true;
      return;
    }
    clearTimeout(timer);
    pokedMeanwhile = false;
    running = round().finally(() => {
      running = undefined;
      if (closed) return;
      if (pokedMeanwhile) run();
      else timer = setTimeout(run, options.everyMs);
    });
  }

  return {
    start() {
      closed = false;
      run();
    },
    poke: run,
    async close() {
      closed = true;
      clearTimeout(timer);
      await running;
    }
  };
}
