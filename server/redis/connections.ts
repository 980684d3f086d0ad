import { Cluster, Redis } from 'ioredis';
import type { Config } from '../config.ts';
import type { Logger } from '../log.ts';
import { clusterHints, keepSubscribed, singleHints, type Hints, type ShardedSubscriber } from './hints.ts';

/** One Redis, or a Cluster of them: REDIS_URL with more than one address. */
export type RedisClient = Redis | Cluster;

/** One connection a purpose: a subscriber can do nothing else, and a slow reader must not delay a click. */
export interface RedisConnections {
  /** Scripts and reads. Fails at once while Redis is away, so that a click is answered BUSY and not queued. */
  commands: RedisClient;
  /** Hints of changed shows, and expired events. */
  hints: Hints;
  /** For Socket.IO between the nodes: plain pub/sub on one Redis, sharded pub/sub on a Cluster. */
  adapter:
    | { sharded: false; publish: Redis; subscribe: Redis }
    | { sharded: true; publish: Cluster; subscribe: ShardedSubscriber };
  close(): Promise<void>;
}

const COMMAND_TIMEOUT_MS = 2000;
const CONNECT_TIMEOUT_MS = 3000;
/** Short at first, so that a blip is not seen; never longer than a second, so that a restart is not either. */
const retryAfter = (attempt: number) => Math.min(50 * attempt, 1000);

interface Patience {
  enableOfflineQueue: boolean;
  maxRetriesPerRequest: number | null;
  commandTimeout?: number;
}
/** For what must fail at once while Redis is away … */
const IMPATIENT: Patience = { enableOfflineQueue: false, maxRetriesPerRequest: 0 };
/** … and for subscriptions, which wait. */
const PATIENT: Patience = { enableOfflineQueue: true, maxRetriesPerRequest: null };

type Where = Pick<Config, 'redisUrl'> & Partial<Pick<Config, 'redisSentinels'>>;

export function connectRedis(config: Where, log: Logger): RedisConnections {
  const addresses = config.redisUrl.split(',');
  return addresses.length > 1 ? connectCluster(addresses, log) : connectSingle(config, log);
}

/** With Sentinels, the address is asked of them at every new connection: a master that was replaced is left by itself. */
function connectSingle({ redisUrl, redisSentinels }: Where, log: Logger): RedisConnections {
  const open = (name: string, patience: Patience) => {
    const options = {
      connectionName: `fullhouse-${name}`,
      retryStrategy: retryAfter,
      connectTimeout: CONNECT_TIMEOUT_MS,
      ...patience
    };
    const client = redisSentinels
      ? new Redis({ ...options, ...sentinelOptions(redisUrl, redisSentinels) })
      : new Redis(redisUrl, options);
    return watched(client, name, log);
  };
  const commands = open('commands', { ...IMPATIENT, commandTimeout: COMMAND_TIMEOUT_MS });
  const hints = open('hints', PATIENT);
  const publish = open('adapter-publish', IMPATIENT);
  const subscribe = leavesQuietly(open('adapter-subscribe', PATIENT));
  return {
    commands,
    hints: singleHints(hints),
    adapter: { sharded: false, publish, subscribe },
    close: async () => void (await Promise.all([commands, hints, publish, subscribe].map(quit)))
  };
}

function sentinelOptions(redisUrl: string, { group, at }: NonNullable<Config['redisSentinels']>) {
  const { username, password, pathname, protocol } = new URL(redisUrl);
  return {
    sentinels: [...at],
    name: group,
    sentinelRetryStrategy: retryAfter,
    // One that hangs is passed over for the next.
    sentinelCommandTimeout: COMMAND_TIMEOUT_MS,
    // The master may go on for a while without knowing that it is none any more: Sentinel's word ends our connection.
    failoverDetector: true,
    ...(username ? { username: decodeURIComponent(username) } : {}),
    ...(password ? { password: decodeURIComponent(password) } : {}),
    ...(pathname.length > 1 ? { db: Number(pathname.slice(1)) } : {}),
    ...(protocol === 'rediss:' ? { tls: {} } : {})
  };
}

function connectCluster(addresses: readonly string[], log: Logger): RedisConnections {
  const first = new URL(addresses[0] ?? '');
  const open = (name: string, { enableOfflineQueue, ...patience }: Patience, shardedSubscribers = false) =>
    watched(
      new Cluster(
        addresses.map((address) => {
          const { hostname, port } = new URL(address);
          return { host: hostname, port: Number(port || 6379) };
        }),
        {
          ...{ enableOfflineQueue, shardedSubscribers, clusterRetryStrategy: retryAfter },
          redisOptions: {
            connectionName: `fullhouse-${name}`,
            ...(first.username ? { username: decodeURIComponent(first.username) } : {}),
            ...(first.password ? { password: decodeURIComponent(first.password) } : {}),
            ...(first.protocol === 'rediss:' ? { tls: {} } : {}),
            connectTimeout: CONNECT_TIMEOUT_MS,
            ...patience
          }
        }
      ),
      name,
      log
    );
  const commands = open('commands', { ...IMPATIENT, commandTimeout: COMMAND_TIMEOUT_MS });
  const subscriber = open('hints', PATIENT, true);
  const publish = open('adapter-publish', IMPATIENT);
  const adapterSubscriber = open('adapter-subscribe', PATIENT, true);
  const hints = clusterHints(subscriber, retryAfter);
  const subscribe = keepSubscribed(adapterSubscriber);
  return {
    commands,
    hints,
    adapter: { sharded: true, publish, subscribe },
    async close() {
      hints.close();
      subscribe.close();
      await Promise.all([commands, subscriber, publish, adapterSubscriber].map(quit));
    }
  };
}

/** Socket.IO does not wait for the end of its subscriptions: when Redis is away as a server stops, there is nothing to end. */
function leavesQuietly(client: Redis): Redis {
  const { unsubscribe, punsubscribe } = client;
  type Leave = (...channels: string[]) => Promise<unknown>;
  const quiet =
    (leave: unknown): Leave =>
    (...channels) =>
      (leave as Leave).apply(client, channels).catch(() => undefined);
  return Object.assign(client, { unsubscribe: quiet(unsubscribe), punsubscribe: quiet(punsubscribe) });
}

/** Those that we ended ourselves. */
const endedByUs = new WeakSet<RedisClient>();

/**
 * Says once that Redis is away, and once that it is back. A connection that ended by itself begins anew: ioredis gives one up
 * for good when Sentinel tells of a new master in the very moment in which it asks for it (seen with 6.0.0: the word ends the
 * connecting, and what was connecting takes that for the end).
 */
function watched<Client extends RedisClient>(client: Client, name: string, log: Logger): Client {
  let complained = false;
  client.on('end', () => {
    const again = () => (endedByUs.has(client) ? undefined : client.connect().catch(() => undefined));
    setTimeout(again, retryAfter(1)).unref();
  });
  client.on('error', (error: Error) => {
    if (!complained) log.warn({ err: error, connection: name }, 'Redis is away; trying again');
    complained = true;
  });
  client.on('ready', () => {
    if (complained) log.info({ connection: name }, 'Redis is back');
    complained = false;
  });
  return client;
}

async function quit(client: RedisClient) {
  endedByUs.add(client);
  if (client.status === 'ready') await client.quit().catch(() => undefined);
  client.disconnect();
}

/** The Redis that can be asked for what is a node's own (its settings): the one, or every master of the Cluster. */
export const mastersOf = (client: RedisClient): Redis[] =>
  client instanceof Cluster ? client.nodes('master') : [client];

/** Resolves when the connection can take commands, or rejects after `ms`. */
export async function connected(client: RedisClient, ms: number): Promise<void> {
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
