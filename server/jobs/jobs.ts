import { Queue, Worker, type Processor } from 'bullmq';
import { Redis } from 'ioredis';
import { isOutboxKind } from '../booking/outbox.ts';
import { failureInWords } from '../mail/failure.ts';
import { schedules, work } from './handlers.ts';
import type { Rehearser } from '../rehearsal/rehearser.ts';
import { inSpan, JOB } from '../tracing/spans.ts';
import type { JobParts } from './parts.ts';
import { createRelay, type OutboxJob, type RelayOptions } from './relay.ts';

/** What happens after a commit: the relay, the queues' workers, and what runs by the clock. */
export interface Jobs {
  /** Begins to work. Does not wait for Redis: without it, work piles up in the outbox and is done later. */
  start(): Promise<void>;
  /** There is new work in the outbox. A hint: the relay looks twice a second anyway. */
  poke(): void;
  /** Lets jobs under way finish for a while, then closes the connections. */
  close(): Promise<void>;
}

export interface JobOptions extends RelayOptions {
  /** A job whose worker died is given to another one after this long (ms). */
  stalledMs: number;
}

const DEFAULTS = { everyMs: 500, stalledMs: 30_000 };
/**
 * Of webhooks most wait for an answer, up to ten seconds each. By the clock: all side by side, so that a slow gateway
 * delays neither the waiting list nor what expires.
 */
const CONCURRENCY = { bookings: 10, mails: 5, webhooks: 20, clock: schedules.length };
/** How often (ms) it is looked whether the schedules are still there: a wiped queue has lost them. */
const RESCHEDULE_MS = 2500;
/** A busy worker takes its jobs this much (ms) late. */
const LATE_MS = 5000;
const CLOSE_MS = 8000;

export function createJobs(parts: JobParts & { rehearser: Rehearser }, given: Partial<JobOptions> = {}): Jobs {
  const { config, db } = parts;
  const options: JobOptions = { ...DEFAULTS, redispatchAfterMs: config.outboxAgainMs, ...given };
  const log = parts.log.child({ part: 'jobs' });
  let running: ReturnType<typeof open> | undefined;

  function open() {
    const watched = quietly(log.warn.bind(log));
    const connect = (name: string, limits: { commandTimeout?: number }) => {
      const connection = new Redis(config.queueRedisUrl, {
        connectionName: `fullhouse-${name}`,
        // BullMQ's own condition: its blocking commands must outlast a restart of Redis.
        maxRetriesPerRequest: null,
        ...limits,
        retryStrategy: (attempt) => Math.min(100 * attempt, 1000)
      });
      return watched(connection, 'the queues’ Redis is away; trying again');
    };
    // The relay waits for this one inside a transaction: not for long.
    const producer = connect('queue', { commandTimeout: 5000 });
    const consumer = connect('worker', {});
    const prefix = `${config.redisPrefix}bull`;

    const queue = <Data>(name: string) =>
      watched(new Queue<Data, unknown>(name, { connection: producer, prefix }), 'a queue has lost its connection');
    const queues = {
      bookings: queue<OutboxJob>('bookings'),
      mails: queue<OutboxJob>('mails'),
      webhooks: queue<OutboxJob>('webhooks')
    };
    const clock = queue<object>('clock');

    const worker = <Data>(name: keyof typeof CONCURRENCY, processor: Processor<Data>) => {
      const made = new Worker<Data>(name, processor, {
        ...{ connection: consumer, prefix, concurrency: CONCURRENCY[name] },
        ...{ lockDuration: options.stalledMs, stalledInterval: options.stalledMs, maxStalledCount: 5 }
      });
      made.on('failed', (job, error) => {
        log.warn(
          { err: error, job: job?.name, id: job?.id, attempt: job?.attemptsMade },
          'a job failed; it is tried again'
        );
      });
      return watched(made, 'a worker has lost its connection; trying again');
    };
    const workers = [
      worker<OutboxJob>('bookings', (job) => runOutboxJob(job.name, job.data)),
      worker<OutboxJob>('mails', (job) => runOutboxJob(job.name, job.data)),
      worker<OutboxJob>('webhooks', (job) => runOutboxJob(job.name, job.data)),
      worker<object>('clock', (job) => tick(job.name))
    ];

    const underWay = new Set<string>();
    /** One that takes longer than its interval does not overtake itself: the next one is left out. */
    async function tick(name: string): Promise<void> {
      if (underWay.has(name)) return;
      underWay.add(name);
      try {
        await schedules.find((each) => each.name === name)?.run(parts);
      } finally {
        underWay.delete(name);
      }
    }

    /**
     * Only what is missing is written: writing a schedule anew would begin its interval anew. One whose next time has long
     * gone by is missing too: a worker was killed between taking its job and writing down the next.
     */
    async function schedule(): Promise<void> {
      if (producer.status !== 'ready') return;
      for (const { name, everyMs } of schedules) {
        const known = await clock.getJobScheduler(name);
        if (known?.every === everyMs && known.next !== undefined && known.next > Date.now() - LATE_MS) continue;
        const opts = { removeOnComplete: true, removeOnFail: { count: 100 } };
        await clock.upsertJobScheduler(name, { every: everyMs }, { name, opts });
      }
    }
    const scheduleQuietly = () =>
      void schedule().catch((error: unknown) => log.warn({ err: error }, 'schedules could not be written'));
    producer.on('ready', scheduleQuietly);
    const timer = setInterval(scheduleQuietly, RESCHEDULE_MS);

    const relay = createRelay({ db, queues, isOpen: () => producer.status === 'ready', log, options });
    relay.start();

    async function close(): Promise<void> {
      clearInterval(timer);
      producer.off('ready', scheduleQuietly);
      await relay.close();
      await within(CLOSE_MS, Promise.all(workers.map((each) => each.close())));
      await within(1000, Promise.all([...Object.values(queues), clock].map((each) => each.close())));
      producer.disconnect();
      consumer.disconnect();
    }
    return { relay, close };
  }

  /** The row decides whether there is anything to do; the job only says which row. */
  async function runOutboxJob(kind: string, { outboxId, payload, traceparent = null }: OutboxJob): Promise<void> {
    if (!isOutboxKind(kind)) throw new Error(`no job does ${kind}`);
    const open = await db.query('select 1 from outbox where id = $1 and done_at is null', [outboxId]);
    if (open.rowCount === 0) return;
    try {
      await inSpan(`job ${kind}`, () => work(parts, kind, payload), { ...JOB, parent: traceparent });
    } catch (error) {
      await noteFailure(outboxId, failureInWords(error));
      throw error;
    }
    await db.query('update outbox set done_at = now(), error = null where id = $1', [outboxId]);
    // Work may write down more work, such as the seats of a booking that has expired.
    running?.relay.poke();
  }

  /** For whoever looks at it; that it is tried again is the queue's business. */
  async function noteFailure(outboxId: number, why: string | null): Promise<void> {
    if (why === null) return;
    await db
      .query('update outbox set failures = failures + 1, error = $2 where id = $1', [outboxId, why])
      .catch((failure: unknown) => log.warn({ err: failure, outboxId }, 'a failure could not be noted'));
  }

  parts.payments.onSettled(() => running?.relay.poke());

  return {
    start() {
      running ??= open();
      parts.seatLog.keeper.start();
      parts.rehearser.start();
      return Promise.resolve();
    },
    poke: () => running?.relay.poke(),
    async close() {
      await parts.rehearser.close();
      await parts.seatLog.keeper.close();
      await running?.close();
      running = undefined;
    }
  };
}

/** Logs the first error of each thing and not the hundred that follow while Redis is away. */
function quietly(warn: (fields: object, message: string) => void) {
  return <T extends { on(event: 'error', listener: (error: Error) => void): unknown }>(
    watched: T,
    message: string
  ): T => {
    let last = 0;
    watched.on('error', (error) => {
      if (Date.now() - last < 30_000) return;
      last = Date.now();
      warn({ err: error }, message);
    });
    return watched;
  };
}

async function within(ms: number, closing: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  // What cannot be closed in an orderly way (Redis is away) ends with its connection.
  await Promise.race([closing.catch(() => undefined), limit]);
  clearTimeout(timer);
}
