import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { loadConfig, type Config } from '../../server/config.ts';
import type { Services } from './services.ts';

/** Signs the buyer tokens of all tests. */
export const TEST_SECRET = 'a secret that only these tests know, 40+';

export const TEMPLATE = 'fullhouse_template';

/** A configuration with a database and a Redis prefix of its own: those who share the services do not see each other. */
export async function configOn(
  services: Pick<Services, 'postgresServer' | 'redisUrl'>,
  overrides: Record<string, string> = {}
): Promise<Config> {
  return loadConfig(await environmentOn(services, overrides));
}

/** The same as environment variables, for a process of its own. */
export async function environmentOn(
  { postgresServer, redisUrl }: Pick<Services, 'postgresServer' | 'redisUrl'>,
  overrides: Record<string, string> = {}
): Promise<Record<string, string>> {
  const name = `t${randomBytes(6).toString('hex')}`;
  const client = new pg.Client(`${postgresServer}/postgres`);
  await client.connect();
  try {
    // Postgres copies a template only while nobody else does.
    await client.query('select pg_advisory_lock(1)');
    await client.query(`create database ${name} template ${TEMPLATE}`);
  } finally {
    await client.end();
  }
  return {
    ...{ MODE: 'test', PORT: '0', HOST: '127.0.0.1', DATABASE_URL: `${postgresServer}/${name}`, REDIS_URL: redisUrl },
    ...{ SMTP_URL: 'smtp://127.0.0.1:9', SECRET: TEST_SECRET, LOG_LEVEL: 'silent' },
    // A test asks in a second what a person asks in a day.
    ...{ REDIS_PREFIX: name, LIMIT_USER_CALLS: '1000000' },
    ...overrides
  };
}
