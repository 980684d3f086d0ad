import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRefusal } from '../../src/lib/domain/refusal.ts';
import { seatState } from '../../src/lib/domain/seat-map.ts';
import { startServer, type Running } from '../../server/serve.ts';
import { ownRedis, type OwnRedis } from './own-redis.ts';
import { makeShow } from './shows.ts';
import { makeConfig } from './stack.ts';
import { noPages, visitorsOf, wait, type Watcher } from './visitors.ts';
import { openWire, type Wire } from './wire.ts';

/** Whatever is lost on the way, everybody who watches ends with the map that Redis has. */
let nodes: Running[];
let wires: Wire[];
let redis: OwnRedis;
const VIEWERS = 200;
const SEATS = 2000;
const LOST = 0.2;
const CLICKS_MS = 7000;
const DEAF_MS = 5000;
const PATIENCE_MS = 2000;

const { watch, leaveAll } = visitorsOf(() => nodes);

/** mulberry32: the same losses at every run with the same seed. */
function randomFrom(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

beforeAll(async () => {
  redis = await ownRedis();
  wires = await Promise.all([0, 1].map(() => openWire(redis.url)));
  const config = await makeConfig({ REDIS_URL: redis.url, WORKER: 'separate', HOLD_TTL_MS: '1500' });
  nodes = await Promise.all(
    wires.map(async ({ url }) => startServer({ ...config, redisUrl: url, queueRedisUrl: redis.url }, noPages))
  );
});
afterAll(async () => {
  leaveAll();
  await Promise.all(nodes.map((node) => node.close()));
  await Promise.all(wires.map((wire) => wire.close()));
  await redis.stop();
});

describe('200 viewers over two nodes', () => {
  it('who lose 20 % of their frames, on nodes that lose 20 % of their hints, one of them deaf for 5 s, end equal to Redis', async () => {
    const [first] = nodes;
    if (!first) throw new Error('no node');
    const { seats, accounts, db } = first.app;
    const show = await makeShow(db, SEATS);
    const random = randomFrom(20_261_121);
    let lost = 0;
    const loses = () => {
      if (random() >= LOST) return false;
      lost++;
      return true;
    };
    const viewers: Watcher[] = [];
    for (let n = 0; n < VIEWERS; n++) viewers.push(await watch(n % 2, show, undefined, loses));

    for (const wire of wires) wire.losePushes(LOST, random);
    const started = performance.now();
    wires[1]?.keepOut('fullhouse-hints');
    setTimeout(() => wires[1]?.letIn(), DEAF_MS);
    // Buyers hold, let go, or let their time run out; nobody waits for anybody.
    const buyers = Array.from({ length: 150 }, () => accounts.issueBuyer().buyer);
    let clicks = 0;
    while (performance.now() - started < CLICKS_MS) {
      const buyer = buyers[Math.floor(random() * buyers.length)] ?? '';
      const node = nodes[clicks % 2]?.app.seats ?? seats;
      const work =
        random() < 0.25
          ? node.release(show.id, buyer)
          : node.hold(show.id, buyer, [Math.floor(random() * SEATS)], `r${clicks}`);
      void work;
      clicks++;
      if (clicks % 10 === 0) await wait(20);
    }
    // The last holds end by their deadline: that is a change like any other, and the last one there is.
    for (;;) {
      const counts = (await seats.counts([show.id])).get(show.id);
      if (counts?.held === 0) break;
      await wait(50);
    }
    await wait(PATIENCE_MS);

    const truth = await seats.snapshot(show.id);
    if (isRefusal(truth)) throw new Error(truth.message);
    const wrong = viewers.filter(({ map }) => map.version !== truth.version || map.epoch !== truth.epoch);
    expect(wrong.map(({ map }) => [map.epoch, map.version])).toEqual([]);
    for (const { map } of viewers) {
      expect(Buffer.from(map.map).equals(Buffer.from(truth.map.subarray(0, map.map.length)))).toBe(true);
    }
    expect(seatState(truth.map, 0)).toBe(0);
    // The test would prove nothing if nothing had been lost, or nothing had happened.
    expect(lost).toBeGreaterThan(VIEWERS * 5);
    for (const wire of wires) expect(wire.lostPushes).toBeGreaterThan(5);
    expect(truth.version).toBeGreaterThan(clicks / 10);
  }, 60_000);
});
