import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { loadConfig, type Config } from '../../server/config.ts';

/** Signs the buyer tokens of all tests. */
export const TEST_SECRET = 'a secret that only these tests know, 40+';

/** A configuration with a database and a Redis prefix of its own: tests do not see each other. */
export async function makeConfig(overrides: Record<string, string> = {}): Promise<Config> {
  const name = `t${randomBytes(6).toString('hex')}`;
  const server = inject('postgresServer');
  const client = new pg.Client(`${server}/postgres`);
  await client.connect();
  try {
    // Postgres copies a template only while nobody else does.
    await client.query('select pg_advisory_lock(1)');
    await client.query(`create database ${name} template fullhouse_template`);
  } finally {
    await client.end();
  }
  return loadConfig({
    ...{ MODE: 'test', PORT: '0', HOST: '127.0.0.1', DATABASE_URL: `${server}/${name}`, REDIS_URL: inject('redisUrl') },
    ...{ SMTP_URL: 'smtp://127.0.0.1:9', SECRET: TEST_SECRET, LOG_LEVEL: 'silent' },
    ...{ REDIS_PREFIX: name },
    ...overrides
  });
}
