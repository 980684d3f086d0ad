import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { Redis } from 'ioredis';
import { freePort, isAlive, sleep } from '../../server/embedded/processes.ts';
import { startPostgres, type EmbeddedDatabase } from '../../server/embedded/postgres.ts';
import { startRedis, type EmbeddedRedis } from '../../server/embedded/redis.ts';

/** Redis and Postgres of the run's own, which can die, freeze and come back where they were. */
export interface RedisServer {
  /** Where it is now: after a failover somewhere else. */
  readonly url: string;
  readonly pid: number;
  /** A connection for the run itself. */
  readonly admin: Redis;
  kill(): Promise<void>;
  /** Starts it again on its port, with what it had on disk: nothing, unless it was told to keep it. */
  start(): Promise<void>;
  /** Another server with a copy of the data; `promote` makes it the one that counts, and the one before is killed. */
  replica(): Promise<{ cutOff(): Promise<void>; promote(): Promise<void> }>;
  stop(): Promise<void>;
}

export interface PostgresServer {
  server: string;
  readonly pid: number;
  /** SIGQUIT: down at once, without a word to anybody. */
  stopAtOnce(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const quiet = () => undefined;
const ENDS_WITHIN_MS = 10_000;

async function gone(pid: number) {
  for (let waited = 0; isAlive(pid) && waited < ENDS_WITHIN_MS; waited += 20) await sleep(20);
}

function connectAdmin(url: string): Redis {
  const admin = new Redis(url, { retryStrategy: () => 100, maxRetriesPerRequest: null, connectionName: 'chaos-admin' });
  admin.on('error', quiet);
  return admin;
}

export async function openRedis(home: string, name: string, args: readonly string[] = []): Promise<RedisServer> {
  const password = randomBytes(12).toString('hex');
  let port = await freePort();
  const run = (at: number, extra: readonly string[] = []): Promise<EmbeddedRedis> =>
    startRedis(home, quiet, {
      ...{ folder: `${name}-${at}`, programDir: resolve('.data'), password, port: at },
      args: [...args, ...extra]
    });
  let server = await run(port);
  let admin = connectAdmin(server.url);

  return {
    get url() {
      return server.url;
    },
    get pid() {
      return server.pid;
    },
    get admin() {
      return admin;
    },
    async kill() {
      process.kill(server.pid, 'SIGKILL');
      await gone(server.pid);
    },
    async start() {
      server = await run(port);
    },
    async replica() {
      const at = await freePort();
      const copy = await run(at, ['--replicaof', `127.0.0.1 ${port}`, '--masterauth', password]);
      const other = connectAdmin(copy.url);
      while (!/master_link_status:up/.test(await other.info('replication'))) await sleep(50);
      return {
        cutOff: async () => void (await other.call('REPLICAOF', 'NO', 'ONE')),
        async promote() {
          process.kill(server.pid, 'SIGKILL');
          await gone(server.pid);
          admin.disconnect();
          [server, admin, port] = [copy, other, at];
        }
      };
    },
    async stop() {
      admin.disconnect();
      if (isAlive(server.pid)) process.kill(server.pid, 'SIGCONT');
      await server.stop();
    }
  };
}

export async function openPostgres(home: string): Promise<PostgresServer> {
  const folder = join(home, 'pg');
  const port = await freePort();
  let server: EmbeddedDatabase = await startPostgres(folder, quiet, port);
  return {
    server: server.server,
    get pid() {
      return server.pid;
    },
    async stopAtOnce() {
      const { pid } = server;
      process.kill(pid, 'SIGQUIT');
      await gone(pid);
    },
    async start() {
      server = await startPostgres(folder, quiet, port);
    },
    async stop() {
      if (isAlive(server.pid)) process.kill(server.pid, 'SIGCONT');
      await server.stop();
    }
  };
}
