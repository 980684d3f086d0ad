import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { RehearsalProgress } from '#domain/rehearsal.ts';
import { openAuditor } from '../audit/audit.ts';
import { startChild, type Child } from '../child.ts';
import type { Config } from '../config.ts';
import type { Database } from '../db/database.ts';
import type { Logger } from '../log.ts';
import type { RedisClient } from '../redis/connections.ts';
import type { Second, Totals } from './buyers/collect.ts';
import { USUAL_MIX } from './buyers/mix.ts';
import { runLoad } from './buyers/run-load.ts';
import { schemaOf } from './copy.ts';
import { progressOf, verdictOf } from './progress.ts';
import type { RehearsalApi } from './process.ts';
import { prefixOf, removeCopy, removeOrphans } from './remove.ts';

/**
 * Runs what was asked for, in the worker: the service on the copy is one process, the buyers are another, and both end
 * with the worker. Whatever way a rehearsal ends, its copy is removed; what a killed worker leaves, the next one removes.
 */
const LOOK_MS = 1500;
const BEAT_MS = 1000;
/** A rehearsal whose worker has not been heard of for so long (s) is over. */
const SILENT_SECONDS = 20;
const ORPHANS_EVERY_MS = 60_000;
/** Short, so that abandoned seats come back, and late payers pay, while it still runs. */
const TIMES = { HOLD_TTL_MS: '20000', HOLD_LIMIT_MS: '60000', PAYMENT_TTL_MS: '20000' };
const MOST_ACCOUNTS = 60;
const THINK_MS = 4000;
const BOOK_SHARE = 0.25;

interface Row {
  id: string;
  show_id: string;
  buyers: number;
  seconds: number;
}
export interface RehearserParts {
  db: Database;
  redis: RedisClient;
  config: Config;
  log: Logger;
}

export interface Rehearser {
  start(): void;
  /** Ends what runs, and removes it. */
  close(): Promise<void>;
}

class Stopped extends Error {}

export function createRehearser(parts: RehearserParts): Rehearser {
  const { db, config } = parts;
  const log = parts.log.child({ part: 'rehearsal' });
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let looking: Promise<void> | undefined;
  let closed = false;
  let sweptAt = -Infinity;

  async function look() {
    await db.query(
      `update rehearsal set state = 'failed', ended_at = now(), doing = 'The worker that ran it went away.'
        where ended_at is null and state <> 'waiting' and beat_at < now() - make_interval(secs => $1)`,
      [SILENT_SECONDS]
    );
    if (performance.now() - sweptAt >= ORPHANS_EVERY_MS) {
      const { rows } = await db.query<{ id: string }>('select id from rehearsal where ended_at is null');
      await removeOrphans(
        { ...parts, log },
        rows.map(({ id }) => id)
      );
      sweptAt = performance.now();
    }
    if (running || closed) return;
    const { rows } = await db.query<Row>(
      `update rehearsal set state = 'running', beat_at = now(), doing = 'Copying the show'
        where state = 'waiting' returning id, show_id, buyers, seconds`
    );
    const [row] = rows;
    if (row) running = rehearse(row).finally(() => (running = undefined));
  }

  async function rehearse(row: Row): Promise<void> {
    const out = await mkdtemp(join(tmpdir(), 'fullhouse-rehearsal-'));
    let service: Child<RehearsalApi> | undefined;
    let stop: (why: Error) => void = () => undefined;
    const stopped = new Promise<never>((_, reject) => (stop = reject));
    stopped.catch(() => undefined);
    const beat = createBeat(db, row.id, () => closed, stop);
    const ending = new AbortController();
    const play = async () => {
      const environment = environmentOf(config, row.id);
      service = await startChild<RehearsalApi>(`${import.meta.dirname}/process.ts`, environment);
      ending.signal.throwIfAborted();
      await db.query(`create schema ${schemaOf(row.id)}`);
      const source = await schemaNow(db);
      const url = await service.ask('open', { show: row.show_id, source });
      return sell(row, url, out, environment, beat, ending.signal);
    };
    const playing = play();
    try {
      const verdict = await Promise.race([playing, stopped]);
      await finish(row.id, 'done', '', verdict);
    } catch (error) {
      const wished = error instanceof Stopped;
      if (!wished) log.error({ err: error, rehearsal: row.id }, 'a rehearsal failed');
      await finish(row.id, wished ? 'stopped' : 'failed', wished ? '' : 'Something went wrong. The log has it.', null);
    } finally {
      await beat.end();
      ending.abort();
      await service?.stop();
      // What was just being started when it was to end has ended too before anything is removed.
      await playing.catch(() => undefined);
      await service?.stop();
      await rm(out, { recursive: true, force: true });
      await removeCopy(parts, row.id).catch((error: unknown) => {
        sweptAt = -Infinity;
        log.warn({ err: error, rehearsal: row.id }, 'a rehearsal could not be removed; it is tried again');
      });
    }
  }

  async function sell(
    row: Row,
    url: string,
    out: string,
    env: Record<string, string>,
    beat: Beat,
    signal: AbortSignal
  ) {
    const auditor = await openAuditor(
      { ...config, databaseUrl: env['DATABASE_URL'] ?? '', redisPrefix: prefixOf(config, row.id) },
      log
    );
    try {
      const options = {
        ...{ buyers: row.buyers, durationMs: row.seconds * 1000, arrival: 'ramp' as const, mix: USUAL_MIX },
        ...{ seed: row.id, thinkMs: THINK_MS, processes: 1, bookShare: BOOK_SHARE, out },
        accounts: Math.min(MOST_ACCOUNTS, row.buyers)
      };
      const { totals, audit } = await runLoad(url, row.show_id, options, {
        say: (line) => beat.say(line),
        second: (second, soFar) => beat.second(url, row.show_id, second, soFar),
        ...{ auditor, signal }
      });
      return verdictOf(audit, totals);
    } finally {
      await auditor.close();
    }
  }

  const finish = (id: string, state: 'done' | 'stopped' | 'failed', doing: string, verdict: object | null) =>
    db.query(
      'update rehearsal set state = $2, doing = $3, verdict = $4, ended_at = now() where id = $1 and ended_at is null',
      [id, state, doing, verdict && JSON.stringify(verdict)]
    );

  function schedule() {
    if (closed) return;
    timer = setTimeout(() => {
      looking = look()
        .catch((error: unknown) => log.warn({ err: error }, 'rehearsals could not be looked at; the next look follows'))
        .finally(schedule);
    }, LOOK_MS);
  }

  return {
    start() {
      if (timer === undefined) schedule();
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await looking;
      await running;
    }
  };
}

type Beat = ReturnType<typeof createBeat>;
const seatsNow = z.object({ map: z.string() });

/** Tells the page how it goes, once a second, and hears whether somebody wants it to end. */
function createBeat(db: Database, id: string, closing: () => boolean, stop: (why: Error) => void) {
  let doing = 'Copying the show';
  let progress: RehearsalProgress | null = null;
  let writing: Promise<void> | undefined;

  async function write() {
    if (closing()) return stop(new Stopped('the worker goes down'));
    const { rows } = await db.query<{ state: string }>(
      `update rehearsal set beat_at = now(), doing = $2, progress = $3 where id = $1 and ended_at is null returning state`,
      [id, doing, progress && JSON.stringify(progress)]
    );
    if (rows[0]?.state !== 'running') stop(new Stopped('it is to end'));
  }
  const timer = setInterval(() => {
    writing ??= write()
      .catch(() => undefined)
      .finally(() => (writing = undefined));
  }, BEAT_MS);

  return {
    say: (line: string) => void (doing = line),
    second(url: string, show: string, second: Second, totals: Totals) {
      doing = 'Selling';
      progress = progressOf(totals, second, progress?.map ?? null);
      void fetch(`${url}/api/v1/shows/${show}/seats`)
        .then((answer) => answer.json())
        .then((body) => {
          if (progress) progress = { ...progress, map: seatsNow.parse(body).map };
        })
        .catch(() => undefined);
    },
    async end() {
      clearInterval(timer);
      await writing;
      // How it went stays to be read.
      if (progress)
        await db
          .query('update rehearsal set progress = $2 where id = $1', [id, JSON.stringify(progress)])
          .catch(() => undefined);
    }
  };
}

async function schemaNow(db: Database): Promise<string> {
  const { rows } = await db.query<{ name: string }>('select current_schema() as name');
  return rows[0]?.name ?? 'public';
}

/** The environment of the service on the copy: the same databases, and nothing that could reach the world. */
function environmentOf(config: Config, rehearsal: string): Record<string, string> {
  const url = new URL(config.databaseUrl);
  url.searchParams.set('options', `-c search_path=${schemaOf(rehearsal)}`);
  return {
    ...{ MODE: 'test', PORT: '0', HOST: '127.0.0.1', ORIGIN: '', WORKER: 'inline', LOG_LEVEL: 'error' },
    ...{ DATABASE_URL: url.href.replaceAll('+', '%20'), REDIS_PREFIX: prefixOf(config, rehearsal) },
    ...{ REDIS_URL: config.redisUrl, QUEUE_REDIS_URL: config.queueRedisUrl },
    ...{ SECRET: config.secret, DATA_DIR: config.dataDir, SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: config.mailFrom },
    ...{ STRIPE_SECRET_KEY: '', STRIPE_WEBHOOK_SECRET: '', STRIPE_API_URL: '', METRICS_TOKEN: '', ADDRESS_HEADER: '' },
    // Nobody who looks at traces wants those of invented buyers.
    OTEL_EXPORTER_OTLP_ENDPOINT: '',
    ...TIMES
  };
}
