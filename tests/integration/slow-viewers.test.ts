import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRefusal } from '../../src/lib/domain/refusal.ts';
import { RUN } from '../../server/child.ts';
import type { Config } from '../../server/config.ts';
import { openDatabase, type Database } from '../../server/db/database.ts';
import { createLog } from '../../server/log.ts';
import { connected, connectRedis, type RedisConnections } from '../../server/redis/connections.ts';
import { createSeats, type Seats } from '../../server/seats/seats.ts';
import { makeShow, type MadeShow } from './shows.ts';
import { makeConfig } from './stack.ts';
import { until, visitorsOf, wait, type Watcher } from './visitors.ts';

/** Viewers that stop reading: their frames must not pile up in the node, nor hold up anybody else. */
/** Past this much unsent (bytes) a viewer leaves the room: see server/live/slow-viewers.ts. */
const LAG_BYTES = 256 * 1024;

let config: Config;
let db: Database;
let redis: RedisConnections;
let seats: Seats;
let child: ChildProcess;
let url: string;
const { watch, leaveAll } = visitorsOf(() => [{ url }]);

function told<T>(): Promise<T> {
  return new Promise((resolve) => child.once('message', (message) => resolve(message as T)));
}
interface Node {
  memory: number;
  watching: number;
  /** What its metric says of viewers that had to leave the room. */
  setAside: number;
}
function ask(show: MadeShow, notices = 0): Promise<Node> {
  const answer = told<Node>();
  child.send({ show: show.id, notices });
  return answer;
}
/** The WebSocket under a viewer's connection, which can be told to stop reading. */
function wireOf({ socket }: Watcher): { pause(): void; resume(): void } {
  const websocket: unknown = Reflect.get(socket.io.engine.transport, 'ws');
  if (!websocket || typeof websocket !== 'object' || !('pause' in websocket)) throw new Error('no socket to stop');
  return websocket as { pause(): void; resume(): void };
}

beforeAll(async () => {
  config = await makeConfig({ WORKER: 'separate' });
  const log = createLog('silent', false);
  db = openDatabase(config.databaseUrl, log);
  redis = connectRedis(config, log);
  await connected(redis.commands, 5000);
  seats = createSeats({ config, db, redis, log });
  child = fork(RUN, [join(import.meta.dirname, 'node-child.ts')], {
    execArgv: [],
    env: {
      ...process.env,
      ...{ MODE: 'test', PORT: '0', HOST: '127.0.0.1', DATABASE_URL: config.databaseUrl, REDIS_URL: config.redisUrl },
      ...{ SMTP_URL: config.smtpUrl, SECRET: config.secret, REDIS_PREFIX: config.redisPrefix, LOG_LEVEL: 'warn' },
      ...{ WORKER: 'separate' }
    }
  });
  ({ url } = await told<{ url: string }>());
});
afterAll(async () => {
  leaveAll();
  child.disconnect();
  await seats.close();
  await redis.close();
  await db.close();
});

/** Changes all seats of the show to and fro for a while, and watches the node meanwhile. */
async function rush(show: MadeShow, seatCount: number, ms: number) {
  const blocks = Array.from({ length: seatCount / 200 }, (_, n) => Array.from({ length: 200 }, (__, k) => n * 200 + k));
  const seen = { most: 0, watching: Infinity };
  const started = performance.now();
  for (let round = 0; performance.now() - started < ms; round++) {
    await Promise.all(blocks.map((block) => seats.block(show.id, block, round % 2 === 0)));
    await wait(45);
    if (round % 10 !== 0) continue;
    const now = await ask(show);
    seen.most = Math.max(seen.most, now.memory);
    seen.watching = Math.min(seen.watching, now.watching);
  }
  return seen;
}
async function equalTo(show: MadeShow) {
  let truth = await seats.snapshot(show.id);
  // A busy machine: Redis did not answer us in time.
  for (let n = 0; n < 10 && isRefusal(truth); n++) truth = await seats.snapshot(show.id);
  if (isRefusal(truth)) throw new Error(truth.message);
  const { version, map: wanted } = truth;
  return ({ map }: Watcher) =>
    map.version === version && Buffer.from(map.map).equals(Buffer.from(wanted.subarray(0, map.map.length)));
}
const watchers = async (show: MadeShow, count: number) => {
  const all: Watcher[] = [];
  for (let n = 0; n < count; n++) all.push(await watch(0, show));
  return all;
};

describe('viewers that stop reading', () => {
  it('500 of them: the node keeps its memory and lets them go, and the others see everything', async () => {
    const show = await makeShow(db, 1000);
    const awake = await watchers(show, 20);
    const asleep = await watchers(show, 500);
    for (const viewer of asleep) wireOf(viewer).pause();
    const before = await ask(show);
    const { most, watching } = await rush(show, 1000, 28_000);
    expect(most - before.memory).toBeLessThan(500 * LAG_BYTES);
    expect(watching).toBe(20);
    const equal = await equalTo(show);
    await until(() => awake.every(equal), 2000);
  }, 180_000);

  it('leave the room when what they have not read piles up here, and catch up when they wake', async () => {
    const show = await makeShow(db, 1000);
    const [awake, asleep] = [await watchers(show, 3), await watchers(show, 10)];
    for (const viewer of asleep) wireOf(viewer).pause();
    const before = await ask(show);
    // Linux keeps some 4 MB for a connection; what is sent after that lies in the node.
    let now = before;
    for (let n = 0; n < 100 && now.watching > 3; n++) {
      now = await ask(show, 300);
      await wait(100);
    }
    expect(now.watching).toBe(3);
    expect(now.setAside - before.setAside).toBe(10);
    expect(now.memory - before.memory).toBeLessThan(100_000_000);
    await rush(show, 1000, 500);

    for (const viewer of asleep) wireOf(viewer).resume();
    const equal = await equalTo(show);
    await until(() => awake.every(equal), 2000);
    expect(asleep.filter(({ socket }) => socket.connected)).toHaveLength(10);
    await until(() => asleep.every(equal), 10_000);
  }, 180_000);
});
