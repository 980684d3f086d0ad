import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startRedis } from '../../server/embedded/redis.ts';

/** A Redis for one test file that does things to it which others must not feel. */
export interface OwnRedis {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

export async function ownRedis(): Promise<OwnRedis> {
  const home = await mkdtemp(join(tmpdir(), 'fullhouse-redis-'));
  const redis = await startRedis(home, console.log, { programDir: resolve('.data') });
  return {
    url: redis.url,
    pid: redis.pid,
    async stop() {
      await redis.stop();
      await rm(home, { recursive: true, force: true });
    }
  };
}
