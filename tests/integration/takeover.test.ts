import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { audit } from '../../server/audit/audit.ts';
import { seatState } from '../../src/lib/domain/seat-map.ts';
import { startServer, type Running } from '../../server/serve.ts';
import { must, until } from './house.ts';
import { makeShow, type MadeShow } from './shows.ts';
import { makeConfig } from './stack.ts';
import { hold, noPages, say, visitorsOf, type Watcher } from './visitors.ts';

/**
 * A Redis that takes over may not have all that was said: here it gets an older state of a show back, as a replica that
 * had fallen behind would have it, under the name of another server. (sentinel.test.ts does it with real servers.)
 */
let running: Running;
let redis: Redis;
let show: MadeShow;
let viewer: Watcher;
let before: Map<string, Buffer>;
const { guest, watch, leaveAll } = visitorsOf(() => [running]);

beforeAll(async () => {
  const config = await makeConfig({ WORKER: 'separate' });
  running = await startServer(config, noPages);
  redis = new Redis(config.redisUrl);
});
afterAll(async () => {
  leaveAll();
  redis.disconnect();
  await running.close();
});

const base = () => running.app.seats.keys.show(show.id).base;
const meta = () => running.app.seats.keys.show(show.id).meta;
const epochNow = async () => Number(await redis.hget(meta(), 'epoch'));
const seesHeld = (seat: number) => seatState(viewer.map.map, seat) === 1;

async function snapshotOfKeys() {
  const keys = await redis.keys(`${base()}:*`);
  return new Map(await Promise.all(keys.map(async (key) => [key, await redis.dumpBuffer(key)] as [string, Buffer])));
}

/** What was said since then is gone, and the server has another name, if it is `another` one. */
async function goBack(another: boolean) {
  const multi = redis.multi();
  for (const key of await redis.keys(`${base()}:*`)) multi.del(key);
  for (const [key, dump] of before) multi.restore(key, 0, dump);
  if (another) multi.hset(meta(), 'server', 'a'.repeat(40));
  await multi.exec();
}

/** One holds seat 1 in the state that is kept; two others hold 2 and 3 in what gets lost. */
beforeEach(async () => {
  show = await makeShow(running.app.db, 120);
  viewer = await watch(0, show);
  expect(await hold(await guest(0), show, [1])).toMatchObject({ ok: true });
  await until('the hold is seen', () => seesHeld(1));
  before = await snapshotOfKeys();
  for (const seat of [2, 3]) expect(await hold(await guest(0), show, [seat])).toMatchObject({ ok: true });
  await until('the others too', () => seesHeld(2) && seesHeld(3));
});

async function expectTruth() {
  await until('the open map says what is true', () => seesHeld(1) && !seesHeld(2) && !seesHeld(3));
  expect(must(await running.app.seats.snapshot(show.id))).toMatchObject({
    epoch: viewer.map.epoch,
    version: viewer.map.version
  });
  const { checks } = await audit({ sql: running.app.db, redis, keys: running.app.seats.keys }, { againAfterMs: 20 });
  expect(checks.filter(({ findings }) => findings.length > 0)).toEqual([]);
}

describe('a Redis that has taken over', () => {
  it('lets open maps forget what it never heard of, whose versions had gone further', async () => {
    const epoch = await epochNow();
    await goBack(true);
    await expectTruth();
    expect(await epochNow()).toBeGreaterThan(epoch);
  });

  it('is known for it by a version that goes back, whatever its name', async () => {
    const epoch = await epochNow();
    await goBack(false);
    await expectTruth();
    expect(await epochNow()).toBeGreaterThan(epoch);
  });

  it('is known by its name over a new connection, though its versions have caught up', async () => {
    const epoch = await epochNow();
    const [first, second] = [await guest(0), await guest(0)];
    await goBack(true);
    // As many changes as were lost, before this node has looked: the same versions, of other seats.
    await Promise.all([hold(first, show, [4]), hold(second, show, [5])]);
    await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await until('the open map says what is true', () => seesHeld(4) && seesHeld(5) && !seesHeld(2) && !seesHeld(3));
    expect(await epochNow()).toBeGreaterThan(epoch);
  });

  it('is found by the reconciler where nobody watches', async () => {
    const epoch = await epochNow();
    leaveAll();
    await until('nobody watches', () => running.app.live.viewers(show.id) === 0);
    await goBack(true);
    await running.app.reconciler.all();
    expect(await epochNow()).toBeGreaterThan(epoch);
  });

  it('keeps the holds that it has: their buyers go on with them, and are not told that they were lost', async () => {
    const buyer = await guest(0);
    await say(buyer, 'show:watch', { showId: show.id });
    expect(await hold(buyer, show, [7])).toMatchObject({ ok: true });
    before = await snapshotOfKeys();
    expect(await hold(await guest(0), show, [8])).toMatchObject({ ok: true });
    await until('both are seen', () => seesHeld(7) && seesHeld(8));
    const ended: unknown[] = [];
    buyer.on('hold:ended', (event) => ended.push(event));
    await goBack(true);
    await until('the open map says what is true', () => seesHeld(7) && !seesHeld(8));
    expect(await hold(buyer, show, [9])).toMatchObject({ ok: true, hold: { seats: [7, 9] } });
    expect(await say(buyer, 'hold:extend', { showId: show.id })).toMatchObject({ ok: true });
    expect(ended).toEqual([]);
  });

  it('leaves the epoch alone while it is the same', async () => {
    const epoch = await epochNow();
    await running.app.reconciler.all();
    await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await until('clicks are granted again', async () => (await hold(await guest(0), show, [10])).ok);
    await until('and seen', () => seesHeld(10));
    expect(await epochNow()).toBe(epoch);
  });
});
