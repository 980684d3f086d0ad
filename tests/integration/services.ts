import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../../server/db/database.ts';
import { migrate } from '../../server/db/migrate.ts';
import { startPostgres } from '../../server/embedded/postgres.ts';
import { startRedis } from '../../server/embedded/redis.ts';
import { createLog } from '../../server/log.ts';

/** One real Postgres and one real Redis for the whole run, in a folder that is thrown away. */
declare module 'vitest' {
  interface ProvidedContext {
    postgresServer: string;
    redisUrl: string;
  }
}

export const TEMPLATE = 'fullhouse_template';

export default async function setup(project: TestProject) {
  const home = await mkdtemp(join(tmpdir(), 'fullhouse-test-'));
  const say = (line: string) => console.log(`• ${line}`);
  const [postgres, redis] = await Promise.all([
    startPostgres(home, say),
    // The program itself stays with the checkout's data, so that it is fetched once.
    startRedis(home, say, { programDir: resolve('.data') })
  ]);
  const client = new pg.Client(`${postgres.server}/postgres`);
  await client.connect();
  await client.query(`create database ${TEMPLATE}`);
  await client.end();
  const log = createLog('error', false);
  const db = openDatabase(`${postgres.server}/${TEMPLATE}`, log);
  await migrate(db, log);
  await db.close();
  project.provide('postgresServer', postgres.server);
  project.provide('redisUrl', redis.url);
  return async () => {
    await Promise.all([postgres.stop(), redis.stop()]);
    await rm(home, { recursive: true, force: true });
  };
}
