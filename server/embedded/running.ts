import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runs } from './processes.ts';

/** The addresses of the Postgres and the Redis that a demo has started under this folder, while it runs; else null. */
export async function findRunning(dataDir: string): Promise<{ databaseUrl: string; redisUrl: string } | null> {
  const read = async (...path: string[]) => (await readFile(join(dataDir, ...path), 'utf8').catch(() => '')).trim();
  const postmaster = (await read('postgres', 'postmaster.pid')).split('\n');
  const [pid = '', port = ''] = (await read('redis', 'redis.pid')).split(' ');
  if (!runs(Number(postmaster[0]), join(dataDir, 'postgres')) || !port || !runs(Number(pid), port)) return null;
  const [database, redis] = await Promise.all([read('postgres-password'), read('redis', 'password')]);
  return {
    databaseUrl: `postgres://fullhouse:${database}@127.0.0.1:${postmaster[3]?.trim() ?? ''}/fullhouse`,
    redisUrl: `redis://:${redis}@127.0.0.1:${port}`
  };
}
