import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from '../../server/embedded/processes.ts';
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

const SLOTS = 16_384;

/** A Cluster of three masters, each with a third of the slots; `url` names all of them. */
export async function ownCluster(): Promise<{ url: string; nodes: readonly string[]; stop(): Promise<void> }> {
  const home = await mkdtemp(join(tmpdir(), 'fullhouse-cluster-'));
  const password = randomBytes(12).toString('hex');
  const parts = await Promise.all(
    [0, 1, 2].map(async (n) => {
      // Beside its port, which the bus would choose by adding 10,000, and might leave the range.
      const busPort = await freePort();
      const args = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort), '--cluster-node-timeout', '3000'];
      const redis = await startRedis(home, console.log, {
        ...{ folder: `node${n}`, programDir: resolve('.data'), password, args }
      });
      return { ...redis, busPort, port: Number(new URL(redis.url).port) };
    })
  );
  const clients = parts.map(({ url }) => new Redis(url));
  await Promise.all(
    clients.map(async (client, n) => {
      const [from, to] = [n, n + 1].map((edge) => Math.floor((edge * SLOTS) / 3));
      await client.call('CLUSTER', 'ADDSLOTSRANGE', String(from), String(Number(to) - 1));
      for (const { port, busPort } of parts) {
        await client.call('CLUSTER', 'MEET', '127.0.0.1', String(port), String(busPort));
      }
    })
  );
  for (const client of clients) {
    for (;;) {
      const info = String(await client.call('CLUSTER', 'INFO'));
      if (info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:3')) break;
      await new Promise((done) => setTimeout(done, 50));
    }
    client.disconnect();
  }
  return {
    url: parts.map(({ url }) => url).join(','),
    nodes: parts.map(({ url }) => url),
    async stop() {
      await Promise.all(parts.map((part) => part.stop()));
      await rm(home, { recursive: true, force: true });
    }
  };
}
