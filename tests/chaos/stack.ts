import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { generatePlan, type HallSize } from '#domain/generate-plan.ts';
import { hashToken } from '../../server/accounts/sessions.ts';
import { openDatabase, type Database } from '../../server/db/database.ts';
import { migrate } from '../../server/db/migrate.ts';
import { freePort } from '../../server/embedded/processes.ts';
import { createLog } from '../../server/log.ts';
import { TEST_SECRET } from '../integration/configuration.ts';
import { openProxy } from '../integration/proxy.ts';
import { isReady } from '../integration/service-process.ts';
import { makeShow } from '../integration/shows.ts';
import { startSmtp, type TestSmtp } from '../integration/smtp.ts';
import { openWire, type Wire } from '../integration/wire.ts';
import { createProgram, type Program } from './program.ts';
import { openPostgres, openRedis, type PostgresServer, type RedisServer } from './servers.ts';

/**
 * The service as it is run: two nodes behind a proxy, a worker, Postgres, a Redis for the seats and one for the queue, a
 * mail server. Each is a process, and whatever a process says to Postgres or to the seats' Redis goes over a wire of its
 * own. Nothing of it is anybody else's: faults are done to this and to nothing else.
 */
export interface Servers {
  home: string;
  postgres: PostgresServer;
  redis: RedisServer;
  queue: RedisServer;
  stop(): Promise<void>;
}

export interface Wires {
  postgres: Wire;
  redis: Wire;
}

export interface Stack {
  servers: Servers;
  url: string;
  show: string;
  /** Of any seat. */
  price: number;
  capacity: number;
  rows: readonly { first: number; count: number }[];
  /** Of the run's own look at the database, not over a wire. */
  db: Database;
  /** What the auditor connects to: its wire to Redis follows a failover, and is never cut. */
  audited: { databaseUrl: string; redisUrl: string; redisPrefix: string };
  smtp: TestSmtp;
  nodes: readonly Program[];
  worker: Program;
  programs: readonly Program[];
  wires: ReadonlyMap<string, Wires>;
  customers: { user: string; token: string }[];
  secret: string;
  /** The wires lead to where the seats' Redis is now. */
  followRedis(): void;
  stop(): Promise<void>;
}

/**
 * Short, so that whatever has to end ends while the run looks; but a payment whose message got lost is found (10 s, then
 * every 15) before its booking is over: after that it is asked for less often.
 */
const TIMES = {
  ...{ HOLD_TTL_MS: '8000', HOLD_LIMIT_MS: '30000', PAYMENT_TTL_MS: '26000', LIVE_TICK_MS: '100' },
  ...{ DRAIN_WAIT_MS: '1000', DRAIN_SOCKETS_MS: '3000' }
};
/** As docker-compose.yml tells Caddy. */
const TRIED_FOR_MS = 5000;
/** Seats that one account may have. */
export const CAP = 12;

export async function openServers(): Promise<Servers> {
  const home = await mkdtemp(join(tmpdir(), 'fullhouse-chaos-'));
  const [postgres, redis, queue] = await Promise.all([
    openPostgres(home),
    // Nothing on disk: whoever kills it wipes it.
    openRedis(home, 'seats', ['--appendonly', 'no']),
    openRedis(home, 'queue')
  ]);
  return {
    ...{ home, postgres, redis, queue },
    async stop() {
      await Promise.all([postgres.stop(), redis.stop(), queue.stop()]);
      await rm(home, { recursive: true, force: true });
    }
  };
}

export interface StackOptions {
  /** The database's name and the prefix of all keys. */
  name: string;
  nodes: number;
  seats: HallSize;
  customers: number;
  /** Where the processes' logs go. */
  folder: string;
  broken: readonly string[];
  /** Settings of this run's own. */
  env?: Record<string, string>;
  /** The jobs run in the (one) node: a process less to start. */
  inline?: true;
}

export async function startStack(servers: Servers, options: StackOptions): Promise<Stack> {
  const { name, folder } = options;
  await mkdir(folder, { recursive: true });
  const databaseUrl = await makeDatabase(servers.postgres, name);
  const log = createLog('silent', false);
  const db = openDatabase(databaseUrl, log, { max: 4, statement_timeout: 60_000 });
  await migrate(db, log);
  const plan = generatePlan(options.seats);
  const show = await makeShow(db, plan, { cap: CAP });
  const prices = await db.query<{ price: number }>('select price from show_tier where show_id = $1', [show.id]);
  const customers = await makeCustomers(db, options.customers);

  const smtp = await startSmtp();
  const auditWire = await openWire(servers.redis.url);
  const ports = await Promise.all(Array.from({ length: options.nodes }, () => freePort()));
  const proxy = await openProxy({ tryForMs: TRIED_FOR_MS });
  const urlOf = (port: number) => `http://127.0.0.1:${port}`;
  const wires = new Map<string, Wires>();
  const make = async (program: string, kind: 'main' | 'worker', port: number) => {
    const own = { postgres: await openWire(databaseUrl), redis: await openWire(servers.redis.url) };
    wires.set(program, own);
    const env = {
      ...{
        MODE: 'test',
        [kind === 'main' ? 'PORT' : 'WORKER_PORT']: String(port),
        HOST: '127.0.0.1',
        ORIGIN: proxy.url,
        DATA_DIR: servers.home
      },
      ...{ DATABASE_URL: own.postgres.url, REDIS_URL: own.redis.url, QUEUE_REDIS_URL: servers.queue.url },
      ...{
        SMTP_URL: smtp.url,
        SECRET: TEST_SECRET,
        LOG_LEVEL: 'info',
        REDIS_PREFIX: name,
        WORKER: options.inline ? 'inline' : 'separate'
      },
      ...{ LIMIT_USER_CALLS: '1000000', ...TIMES, ...options.env }
    };
    return createProgram({
      ...{ name: program, port, entry: `server/${kind}.ts`, env, folder, broken: options.broken },
      ready: () => isReady(urlOf(port))
    });
  };
  const nodes = await Promise.all(ports.map((port, n) => make(`${name}-node${n + 1}`, 'main', port)));
  for (const port of ports) proxy.add(urlOf(port));
  const worker = await make(`${name}-worker`, 'worker', await freePort());
  const programs = options.inline ? nodes : [...nodes, worker];
  const stop = async () => {
    await Promise.all(programs.map((program) => program.stop()));
    await proxy.close();
    await db.close();
    await smtp.close();
    await Promise.all([
      auditWire.close(),
      ...[...wires.values()].flatMap((own) => [own.postgres.close(), own.redis.close()])
    ]);
  };
  try {
    await Promise.all(programs.map((program) => program.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ...{ servers, url: proxy.url, show: show.id, capacity: plan.capacity, rows: plan.rows, db, smtp },
    price: prices.rows[0]?.price ?? 0,
    ...{ nodes, worker, programs, wires, customers, secret: TEST_SECRET, stop },
    audited: { databaseUrl, redisUrl: auditWire.url, redisPrefix: name },
    followRedis() {
      for (const wire of [auditWire, ...[...wires.values()].map((own) => own.redis)]) wire.leadTo(servers.redis.url);
    }
  };
}

async function makeDatabase(postgres: PostgresServer, name: string): Promise<string> {
  const client = new pg.Client(`${postgres.server}/postgres`);
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  return `${postgres.server}/${name}`;
}

/** People who are signed in already: what their passwords cost is no part of this. */
async function makeCustomers(db: Database, count: number) {
  const all = Array.from({ length: count }, () => ({
    user: randomUUID(),
    token: randomBytes(24).toString('base64url')
  }));
  await db.query(
    `insert into app_user (id, email, name, password_hash, role)
     select u::uuid, u || '@test.example', 'Ada Test', 'none', 'customer' from unnest($1::text[]) as u`,
    [all.map(({ user }) => user)]
  );
  await db.query(
    `insert into user_session (id, user_id, expires_at)
     select s, u, now() + interval '1 day' from unnest($1::text[], $2::uuid[]) as w (s, u)`,
    [all.map(({ token }) => hashToken(token)), all.map(({ user }) => user)]
  );
  return all;
}
