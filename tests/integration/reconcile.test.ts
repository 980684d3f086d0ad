import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { audit } from '../../server/audit/audit.ts';
import type { Keys } from '../../server/redis/keys.ts';
import { codeOf, holdSeats, makeBuyer, must, openHouse, stateOf, type House } from './house.ts';
import { makeShow } from './shows.ts';
import { CAPACITY, makeSmallSale, type SmallSale } from './small-sale.ts';
import { makeConfig } from './stack.ts';

/** Redis loses a key, a field or a bit; the reconciler finds it and puts it right, and nothing is sold twice meanwhile. */
let house: House;
let redis: Redis;
let keys: Keys;
let sale: SmallSale;
const kept = new Map<string, Buffer>();

beforeAll(async () => {
  const config = await makeConfig();
  house = await openHouse(config);
  redis = new Redis(config.redisUrl);
  keys = house.seats.keys;
  sale = await makeSmallSale(house);
  // The clock's own reconciler would be faster than the test.
  await house.jobs.close();
  for (const key of await keysOfShow()) {
    const dump = await redis.dumpBuffer(key);
    if (dump) kept.set(key, dump);
  }
});
afterEach(putBack);
afterAll(async () => {
  redis.disconnect();
  await house.close();
});

const keysOfShow = () => redis.keys(`${keys.show(sale.show.id).base}:*`);
const reconcile = async () => must(await house.reconciler.show(sale.show.id));

/** Nothing that the audit would call broken, but for the log: it does not know of what was lost beside it. */
async function expectWhole() {
  const { checks } = await audit({ sql: house.db, redis, keys }, { againAfterMs: 20 });
  const broken = checks.filter(({ name, findings }) => name !== 'log-replays' && findings.length > 0);
  expect(broken).toEqual([]);
  const { show } = sale;
  const states = await Promise.all([0, 1, 2, 4, 5].map((seat) => stateOf(house, show.id, seat)));
  expect(states.filter((_, n) => n !== 2)).toEqual(['booked', 'booked', 'blocked', 'available']);
  expect(['held', 'booked']).toContain(states[2]);
  expect(Number(await redis.hget(keys.show(show.id).script[5], `u_${sale.confirmed.user}`))).toBe(2);
}
/** The open hold of seat 3 is still its buyer's, and they can go on with it. */
async function expectHoldKept(what = '') {
  const { show, held } = sale;
  expect(must(await house.seats.ownHold(show.id, held.buyer)), what).toMatchObject({ id: held.hold, seats: [3] });
  const sooner = must(await house.seats.extend(show.id, held.buyer));
  expect(sooner.seats).toEqual([3]);
}

describe('the reconciler', () => {
  it('leaves a sale alone in which nothing is wrong', async () => {
    expect(await reconcile()).toEqual({ show: sale.show.id, seats: 0, holds: 0, sums: 0, anew: false });
    await expectWhole();
    await expectHoldKept();
  });

  it('mends the loss of any one key of a show', async () => {
    expect(kept.size).toBeGreaterThan(8);
    for (const key of kept.keys()) {
      await redis.del(key);
      await reconcile();
      await expectWhole();
      const lost = key.endsWith(`:hold:${sale.held.hold}`) || key.endsWith(':map') || key.endsWith(':meta');
      if (!lost) await expectHoldKept(key);
      await putBack();
    }
  }, 60_000);

  it('mends the loss of any one field, and of any owner, deadline or count', async () => {
    for (const key of kept.keys()) {
      const type = await redis.type(key);
      const members =
        type === 'hash' ? await redis.hkeys(key) : type === 'zset' ? await redis.zrange(key, 0, '-1') : [];
      for (const member of members) {
        await (type === 'hash' ? redis.hdel(key, member) : redis.zrem(key, member));
        await reconcile();
        await expectWhole();
        await putBack();
      }
    }
  }, 60_000);

  it('mends any seat that reads as something else', async () => {
    const { map } = keys.show(sale.show.id);
    for (let seat = 0; seat < CAPACITY; seat++) {
      const [was] = (await redis.bitfield(map, 'GET', 'u2', `#${seat}`)) as [number];
      for (const state of [0, 1, 2, 3].filter((other) => other !== was)) {
        await redis.bitfield(map, 'SET', 'u2', `#${seat}`, state);
        await reconcile();
        await expectWhole();
        await expectHoldKept(`seat ${seat} reads as ${state}`);
        await putBack();
      }
    }
  }, 60_000);

  it('lets nobody buy what is sold meanwhile, and gives the hold on it up', async () => {
    const { show } = sale;
    await redis.bitfield(keys.show(show.id).map, 'SET', 'u2', '#0', 0);
    const eve = await makeBuyer(house.db);
    const hold = await holdSeats(house, show.id, eve.buyer, [0, 6]);
    expect(codeOf(await house.booking.checkout(eve, { holdId: hold.id }, randomUUID()))).toBe('SEAT_TAKEN');
    await reconcile();
    await expectWhole();
    expect(await stateOf(house, show.id, 6)).toBe('held');
    must(await house.seats.endHold(hold.id));
  });

  it('changes nothing while a sale is going on', async () => {
    const show = await makeShow(house.db, 60);
    let going = true;
    const buyers = Array.from({ length: 12 }, async (_, n) => {
      const buyer = await makeBuyer(house.db);
      for (let round = 0; going; round++) {
        const seats = [(n * 7 + round * 3) % 60, (n * 5 + round) % 60];
        const hold = await house.seats.hold(show.id, buyer.buyer, [...new Set(seats)], randomUUID());
        if (codeOf(hold) === 'OK' && round % 4 === 3)
          await house.booking.checkout(buyer, { holdId: must(hold).id }, randomUUID());
        else await house.seats.release(show.id, buyer.buyer);
      }
    });
    const mended = [];
    for (let looks = 0; looks < 100; looks++) mended.push(must(await house.reconciler.show(show.id)));
    going = false;
    await Promise.all(buyers);
    expect(mended.filter(({ seats, holds, sums, anew }) => seats + holds + sums > 0 || anew)).toEqual([]);
  }, 60_000);
});

async function putBack() {
  const left = await keysOfShow();
  if (left.length > 0) await redis.del(...left);
  for (const [key, dump] of kept) await redis.restore(key, 0, dump, 'REPLACE');
}
