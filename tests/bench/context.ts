import { Redis } from 'ioredis';
import { configOn, environmentOn } from '../integration/configuration.ts';
import { startServices } from '../integration/services.ts';
import type { Context } from './bench.ts';

export interface OwnContext extends Context {
  postgresServer: string;
  /** Empties Redis, so that one bench does not pay for another's keys. */
  forget(): Promise<void>;
  close(): Promise<void>;
}

/** A Postgres and a Redis of our own. Redis keeps nothing on disk, as the one for the seats in docker-compose.yml. */
export async function openContext(rounds: number, say: (line: string) => void): Promise<OwnContext> {
  const services = await startServices(say, ['--appendonly', 'no']);
  const redis = new Redis(services.redisUrl);
  return {
    rounds,
    redisUrl: services.redisUrl,
    postgresServer: services.postgresServer,
    config: (overrides) => configOn(services, overrides),
    environment: (overrides) => environmentOn(services, overrides),
    async forget() {
      await redis.flushall();
    },
    async close() {
      redis.disconnect();
      await services.stop();
    }
  };
}
