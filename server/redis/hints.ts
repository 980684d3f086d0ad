import type { Cluster, Redis } from 'ioredis';

/** Messages that may be lost: a show has changed, a key has expired. Whoever listens looks by itself as well. */
export interface Hints {
  /** Follows a show's channel. Until the subscription stands nothing is heard, and nobody waits for it. */
  subscribe(channel: string): void;
  unsubscribe(channel: string): void;
  onMessage(listener: (channel: string) => void): void;
  /** Hears the names of keys that expired, on every node of Redis. */
  onExpired(listener: (key: string) => void): void;
  close(): void;
}

const expiredChannel = (db: number) => `__keyevent@${db}__:expired`;

export function singleHints(client: Redis): Hints {
  const expired = expiredChannel(client.options.db ?? 0);
  return {
    subscribe: (channel) => void client.subscribe(channel).catch(() => undefined),
    unsubscribe: (channel) => void client.unsubscribe(channel).catch(() => undefined),
    onMessage: (listener) =>
      void client.on('message', (channel: string) => {
        if (channel !== expired) listener(channel);
      }),
    onExpired(listener) {
      client.subscribe(expired).catch(() => undefined);
      client.on('message', (channel: string, key: string) => {
        if (channel === expired) listener(key);
      });
    },
    close: () => undefined
  };
}

/** The part of a subscriber that the Socket.IO adapter uses. */
export interface ShardedSubscriber {
  ssubscribe(channel: string): Promise<void>;
  sunsubscribe(channel: string | string[]): Promise<void>;
  on(event: 'smessageBuffer', listener: (channel: Buffer, message: Buffer) => void): unknown;
  close(): void;
}

const AGAIN_MS = 500;

/** Sharded subscriptions that are asked for again until they stand: while the Cluster is not known yet they fail. */
export function keepSubscribed(client: Cluster): ShardedSubscriber {
  const wanted = new Set<string>();
  const timers = new Set<NodeJS.Timeout>();
  let closed = false;
  async function subscribe(channel: string): Promise<void> {
    try {
      await client.ssubscribe(channel);
    } catch {
      if (closed) return;
      const timer = setTimeout(() => {
        timers.delete(timer);
        if (wanted.has(channel)) void subscribe(channel);
      }, AGAIN_MS);
      timers.add(timer);
    }
  }
  return {
    async ssubscribe(channel) {
      wanted.add(channel);
      await subscribe(channel);
    },
    async sunsubscribe(channels) {
      for (const channel of [channels].flat()) {
        wanted.delete(channel);
        await client.sunsubscribe(channel).catch(() => undefined);
      }
    },
    on: (event, listener) => client.on(event, listener),
    close() {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
    }
  };
}

const LOOK_FOR_MASTERS_MS = 2000;

/** Hints in a Cluster: sharded pub/sub for the shows; expired events are each node's own, so every master is heard. */
export function clusterHints(client: Cluster, retryAfter: (attempt: number) => number): Hints {
  const kept = keepSubscribed(client);
  const heard = new Map<string, Redis>();
  const listeners: ((key: string) => void)[] = [];
  const expired = expiredChannel(0);

  function hear(master: Redis): Redis {
    const ear = master.duplicate({
      ...{ lazyConnect: false, enableOfflineQueue: true, maxRetriesPerRequest: null, readOnly: false },
      ...{ retryStrategy: retryAfter, connectionName: 'fullhouse-expired' }
    });
    // The masters change under us; what is wrong with one of them the commands' connection says already.
    ear.on('error', () => undefined);
    ear.subscribe(expired).catch(() => undefined);
    ear.on('message', (_: string, key: string) => {
      for (const listener of listeners) listener(key);
    });
    return ear;
  }

  function look() {
    if (listeners.length === 0 || client.status !== 'ready') return;
    const masters = new Map(
      client.nodes('master').map((master) => [`${master.options.host}:${master.options.port}`, master])
    );
    for (const [address, master] of masters) if (!heard.has(address)) heard.set(address, hear(master));
    for (const [address, ear] of heard) {
      if (masters.has(address)) continue;
      ear.disconnect();
      heard.delete(address);
    }
  }
  client.on('ready', look);
  const timer = setInterval(look, LOOK_FOR_MASTERS_MS);
  timer.unref();

  return {
    subscribe: (channel) => void kept.ssubscribe(channel),
    unsubscribe: (channel) => void kept.sunsubscribe(channel),
    onMessage: (listener) => void client.on('smessage', (channel: string) => listener(channel)),
    onExpired(listener) {
      listeners.push(listener);
      look();
    },
    close() {
      clearInterval(timer);
      kept.close();
      for (const ear of heard.values()) ear.disconnect();
    }
  };
}
