import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../../server/db/database.ts';
import { migrate } from '../../server/db/migrate.ts';
import { startPostgres } from '../../server/embedded/postgres.ts';
import { startRedis } from '../../server/embedded/redis.ts';
import { createLog } from '../../server/log.ts';
import { TEMPLATE } from './configuration.ts';

/** One real Postgres and one real Redis for the whole run, in a folder that is thrown away. */
declare module 'vitest' {
  interface ProvidedContext {
    postgresServer: string;
    redisUrl: string;
  }
}

export interface Services {
  postgresServer: string;
  redisUrl: string;
  stop(): Promise<void>;
}

/** Also for the benchmarks, which run without vitest. `redisArgs` come after the embedded Redis' own settings. */
export async function startServices(say: (line: string) => void, redisArgs: readonly string[] = []): Promise<Services> {
  const home = await mkdtemp(join(tmpdir(), 'fullhouse-test-'));
  const [postgres, redis] = await Promise.all([
    startPostgres(home, say),
    // The program itself stays with the checkout's data, so that it is fetched once.
    startRedis(home, say, { programDir: resolve('.data'), args: redisArgs })
  ]);
  const client = new pg.Client(`${postgres.server}/postgres`);
  await client.connect();
  await client.query(`create database ${TEMPLATE}`);
  await client.end();
  const log = createLog('error', false);
  const db = openDatabase(`${postgres.server}/${TEMPLATE}`, log);
  await migrate(db, log);
  await db.close();
  return {
    postgresServer: postgres.server,
    redisUrl: redis.url,
    async stop() {
      await Promise.all([postgres.stop(), redis.stop()]);
      await rm(home, { recursive: true, force: true });
    }
  };
}

/** The pages that the API tests serve; costs nothing when they are built already. */
const buildPages = () => promisify(execFile)(process.execPath, [resolve('server/embedded/bootstrap.js'), 'build']);

export default async function setup(project: TestProject) {
  await buildPages();
  const services = await startServices((line) => console.log(`• ${line}`));
  project.provide('postgresServer', services.postgresServer);
  project.provide('redisUrl', services.redisUrl);
  return () => services.stop();
}
