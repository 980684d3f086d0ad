import { cpus, totalmem } from 'node:os';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { OwnContext } from './context.ts';

export type Machine = readonly (readonly [string, string])[];

/** What the figures were measured on. */
export async function describeMachine({ redisUrl, postgresServer }: OwnContext): Promise<Machine> {
  const redis = new Redis(redisUrl);
  const info = await redis.info('server');
  redis.disconnect();
  const client = new pg.Client(`${postgresServer}/postgres`);
  await client.connect();
  const shown = await client.query<{ server_version: string }>('show server_version');
  await client.end();
  const cores = cpus();
  return [
    ['CPU', `${cores[0]?.model.trim() ?? 'unknown'}, ${cores.length} cores`],
    ['Memory', `${(totalmem() / 2 ** 30).toFixed(0)} GiB`],
    ['System', `${process.platform} ${process.arch}`],
    ['Node', process.version],
    ['Redis', /(?:redis|valkey)_version:(\S+)/.exec(info)?.[1] ?? 'unknown'],
    ['Postgres', shown.rows[0]?.server_version ?? 'unknown']
  ];
}
