import { Redis, type RedisOptions } from 'ioredis';
import type { Config } from '../config.ts';
import type { Logger } from '../log.ts';

/** One connection a purpose: a subscriber can do nothing else, and a slow reader must not delay a click. */
export interface RedisConnections {
  /** Scripts and reads. Fails at once while Redis is away, so that a click is answered BUSY and not queued. */
  commands: Redis;
  /** Hints of changed shows, and expired events. */
  hints: Redis;
  adapterPublish: Redis;
  adapterSubscribe: Redis;
  close(): Promise<void>;
}

const COMMAND_TIMEOUT_MS = 2000;

export function connectRedis(config: Config, log: Logger): RedisConnections {
  const open = (
    name: string,
    options: Pick<RedisOptions, 'enableOfflineQueue' | 'maxRetriesPerRequest' | 'commandTimeout'>
  ): Redis => {
    const client = new Redis(config.redisUrl, {
      connectionName: `fullhouse-${name}`,
      // Short at first, so that a blip is not seen; never longer than a second, so that a restart is not either.
      retryStrategy: (attempt) => Math.min(50 * attempt, 1000),
      connectTimeout: 3000,
      ...options
    });
    let complained = false;
    client.on('error', (error) => {
      if (!complained) log.warn({ err: error, connection: name }, 'Redis is away; trying again');
      complained = true;
    });
    client.on('ready', () => {
      if (complained) log.info({ connection: name }, 'Redis is back');
      complained = false;
    });
    return client;
  };

  const commands = open('commands', {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_TIMEOUT_MS
  });
  const hints = open('hints', { maxRetriesPerRequest: null });
  const adapterPublish = open('adapter-publish', { enableOfflineQueue: false, maxRetriesPerRequest: 0 });
  const adapterSubscribe = open('adapter-subscribe', { maxRetriesPerRequest: null });
  const all = [commands, hints, adapterPublish, adapterSubscribe];

  return {
    ...{ commands, hints, adapterPublish, adapterSubscribe },
    async close() {
      const quit = async (client: Redis) => {
        if (client.status === 'ready') await client.quit().catch(() => undefined);
        client.disconnect();
      };
      await Promise.all(all.map(quit));
    }
  };
}

/** Resolves when the connection can take commands, or rejects after `ms`. */
export async function connected(client: Redis, ms: number): Promise<void> {
  if (client.status === 'ready') return;
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      client.off('ready', done);
      reject(new Error('Redis did not answer in time'));
    }, ms);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    client.once('ready', done);
  });
}
