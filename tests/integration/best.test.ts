import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generatePlan } from '../../src/lib/domain/generate-plan.ts';
import type { Hold, SeatWish } from '../../src/lib/domain/protocol.ts';
import { isRefusal, type Refusal } from '../../src/lib/domain/refusal.ts';
import { seatState } from '../../src/lib/domain/seat-map.ts';
import { openDatabase, type Database } from '../../server/db/database.ts';
import { createLog } from '../../server/log.ts';
import { connected, connectRedis, type RedisConnections } from '../../server/redis/connections.ts';
import { createSeats, type Seats } from '../../server/seats/seats.ts';
import { codeOf, must } from './house.ts';
import { ownRedis, type OwnRedis } from './own-redis.ts';
import { makeShow, plainPlan, type MadeShow } from './shows.ts';
import { makeConfig } from './stack.ts';

const log = createLog('silent', false);
const TTL = 60_000;
const ROW = 40;

interface Node {
  redis: RedisConnections;
  seats: Seats;
}
let db: Database;
let own: OwnRedis;
let nodes: [Node, Node];
let hasty: Node;

beforeAll(async () => {
  own = await ownRedis();
  const config = await makeConfig({ REDIS_URL: own.url, HOLD_TTL_MS: String(TTL), HOLD_LIMIT_MS: String(2 * TTL) });
  db = openDatabase(config.databaseUrl, log);
  const open = async (holdTtlMs: number) => {
    const redis = connectRedis(config, log);
    await connected(redis.commands, 5000);
    return { redis, seats: createSeats({ config: { ...config, holdTtlMs }, db, redis, log }) };
  };
  nodes = [await open(TTL), await open(TTL)];
  hasty = await open(200);
});

afterAll(async () => {
  for (const node of [...nodes, hasty]) {
    await node.seats.close();
    await node.redis.close();
  }
  await db.close();
  await own.stop();
});

let requests = 0;
const best = (show: MadeShow, buyer: string, wish: SeatWish, node = nodes[0]) =>
  node.seats.best(show.id, buyer, wish, `r${requests++}`);
const hold = (show: MadeShow, buyer: string, seats: number[], node = nodes[0]) =>
  node.seats.hold(show.id, buyer, seats, `r${requests++}`);
const alternatives = (answer: Hold | Refusal) =>
  isRefusal(answer) ? (answer.details['alternatives'] as number[][] | undefined) : undefined;

/** The bytes in Redis themselves, past everything that chooses seats. */
async function mapOf(show: MadeShow) {
  const bytes = await nodes[0].redis.commands.getBuffer(nodes[0].seats.keys.show(show.id).map);
  return new Uint8Array(bytes ?? []);
}
function freeRun(map: Uint8Array, capacity: number, perRow: number): number {
  let [longest, run] = [0, 0];
  for (let seat = 0; seat < capacity; seat++) {
    if (seat % perRow === 0) run = 0;
    run = seatState(map, seat) === 0 ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

describe('so many together, the best available', () => {
  it('sells 8,000 seats to 160 buyers at once in groups of 2 to 4 until none fits', { timeout: 120_000 }, async () => {
    const capacity = 8000;
    const show = await makeShow(db, plainPlan(capacity, ROW));
    await nodes[0].seats.feed.join(show.id);
    const sold = new Map<number, string>();
    let [calls, wronglyRefused, buyers] = [0, 0, 0];
    const codes = new Set<string>();
    const started = performance.now();

    /** One place in the queue: a buyer after the other, each with a group, until not even two fit. */
    const queue = async (n: number) => {
      for (let turn = 0; ; turn++) {
        let answer: Hold | Refusal | undefined;
        for (let count = 2 + ((n + turn) % 3); count >= 2; count--) {
          const buyer = `g_group${buyers++}`;
          calls++;
          answer = await best(show, buyer, { count }, nodes[(n + turn) % 2]);
          if (!isRefusal(answer)) {
            expect(answer.seats).toHaveLength(count);
            expect(new Set(answer.seats.map((seat) => Math.floor(seat / ROW))).size).toBe(1);
            expect((answer.seats.at(-1) ?? 0) - (answer.seats[0] ?? 0)).toBe(count - 1);
            for (const seat of answer.seats) {
              expect(sold.get(seat)).toBeUndefined();
              sold.set(seat, buyer);
            }
            break;
          }
          codes.add(answer.code);
          // Nothing is ever let go here: what is free after the refusal was free all the while it was made.
          if (freeRun(await mapOf(show), capacity, ROW) >= count) wronglyRefused++;
        }
        if (isRefusal(answer)) return;
      }
    };
    await Promise.all(Array.from({ length: 160 }, (_, n) => queue(n)));
    const seconds = (performance.now() - started) / 1000;

    const map = await mapOf(show);
    const held = Array.from({ length: capacity }, (_, seat) => seatState(map, seat)).filter((state) => state === 1);
    expect(held).toHaveLength(sold.size);
    expect(freeRun(map, capacity, ROW)).toBeLessThan(2);
    console.log(
      `${calls} calls in ${seconds.toFixed(1)} s, ${sold.size} of ${capacity} seats, ${wronglyRefused} wrongly refused`
    );
    expect(codes).toEqual(new Set(['SEAT_TAKEN']));
    expect(wronglyRefused / calls).toBeLessThanOrEqual(0.01);
    // Rows of 40 can be filled with groups of 2 to 4 without leaving anyone out.
    expect(sold.size).toBeGreaterThan(capacity * 0.99);
    nodes[0].seats.feed.leave(show.id);
  });

  it('adds to the hold the buyer has, and answers a repeated request with the same hold', async () => {
    const show = await makeShow(db, plainPlan(40, 10));
    const first = must(await hold(show, 'g_adds', [30]));
    const more = must(await nodes[0].seats.best(show.id, 'g_adds', { count: 2 }, 'once'));
    expect([more.id, more.deadline, more.seats]).toEqual([first.id, first.deadline, [4, 5, 30]]);
    must(await best(show, 'g_rest', { count: 8 }));
    expect(must(await nodes[1].seats.best(show.id, 'g_adds', { count: 2 }, 'once'))).toEqual(more);
    // Even when nothing is left to choose from.
    must(await nodes[0].seats.block(show.id, [...Array(40).keys()], true));
    expect(must(await nodes[1].seats.best(show.id, 'g_adds', { count: 2 }, 'once'))).toEqual(more);
    expect(must(await nodes[0].seats.ownHold(show.id, 'g_adds'))?.seats).toEqual([4, 5, 30]);
  });

  it('keeps the cap, whatever a buyer asks for at once, and keeps still while the sale is paused', async () => {
    const show = await makeShow(db, plainPlan(100, 10), { cap: 4 });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => best(show, 'g_greedy', { count: 2 }, nodes[n % 2]))
    );
    expect(answers.map(codeOf).sort()).toEqual([...Array<string>(8).fill('CAP_REACHED'), 'OK', 'OK']);
    expect(codeOf(await best(show, 'g_other', { count: 5 }))).toBe('CAP_REACHED');
    must(await nodes[0].seats.setSale(show.id, 'paused'));
    expect(codeOf(await best(show, 'g_other', { count: 2 }))).toBe('SALE_PAUSED');
    expect(must(await nodes[0].seats.snapshot(show.id)).counts.held).toBe(4);
  });

  it('finds seats whose hold has run out, though nobody has swept them yet', async () => {
    const show = await makeShow(db, plainPlan(4, 4));
    must(await hasty.seats.hold(show.id, 'g_slow', [0, 1, 2, 3], 'slow'));
    // Sets the clock of the hold back instead of waiting, so that no sweep comes in between.
    await nodes[0].redis.commands.zadd(nodes[0].seats.keys.show(show.id).due, 1, must(await ownId(show, 'g_slow')));
    expect(must(await best(show, 'g_quick', { count: 4 })).seats).toEqual([0, 1, 2, 3]);
  });
  const ownId = async (show: MadeShow, buyer: string) => {
    const found = await nodes[0].seats.ownHold(show.id, buyer);
    return isRefusal(found) ? found : (found?.id ?? '');
  };

  it('asks for tier, section, area and wheelchair places of the plan, and names what it does not have', async () => {
    const plan = generatePlan(120);
    const show = await makeShow(db, plan);
    const tierOf = new Map(plan.seats.map(({ index, tier }) => [index, tier]));
    const inGallery = must(await best(show, 'g_tier', { count: 3, tier: 'gallery' }));
    expect(inGallery.seats.map((seat) => tierOf.get(seat))).toEqual(['gallery', 'gallery', 'gallery']);
    expect(must(await best(show, 'g_area', { count: 2, area: 'standing' })).seats).toEqual([90, 91]);
    const wheelchairs = plan.seats.filter(({ attributes }) => attributes?.includes('wheelchair'));
    const chosen = must(await best(show, 'g_wheels', { count: 2, accessible: true })).seats;
    expect(wheelchairs.map(({ index }) => index).some((index) => chosen.includes(index))).toBe(true);
    const refused = await best(show, 'g_wrong', { count: 2, tier: 'royal', section: 'moon' });
    expect(isRefusal(refused) && [refused.code, refused.details['errors']]).toEqual([
      'INVALID',
      [
        { path: 'tier', message: 'is no tier of this show' },
        { path: 'section', message: 'is no section of this show' }
      ]
    ]);
    expect(codeOf(await best({ ...show, id: 'zzzzzzzzzzzz' }, 'g_wrong', { count: 2 }))).toBe('NOT_FOUND');
  });

  it('says so when nothing fits, and what comes closest', async () => {
    const show = await makeShow(db, plainPlan(12, 4));
    must(await hold(show, 'g_there', [0, 5, 8]));
    const refused = await best(show, 'g_four', { count: 4 });
    expect(isRefusal(refused) && [refused.code, refused.message]).toEqual([
      'SEAT_TAKEN',
      'There are no 4 such seats side by side any more. See what comes closest.'
    ]);
    const [split, fewer] = alternatives(refused) ?? [];
    expect(split).toHaveLength(4);
    expect(fewer).toHaveLength(3);
    expect(must(await best(show, 'g_three', { count: 3 })).seats).toEqual(fewer);
  });
});

describe('alternatives', () => {
  it('are blocks of the same count that can be had, in the same call that refused', async () => {
    const plan = generatePlan(1350);
    const show = await makeShow(db, plan);
    await nodes[1].seats.feed.join(show.id);
    const rowOf = new Map(
      plan.rows.flatMap((row, n) => Array.from({ length: row.count }, (_, k) => [row.first + k, n]))
    );
    const at = new Map(plan.seats.map((seat) => [seat.index, seat]));
    for (let n = 0; n < 60; n++) {
      const asked = [(n * 37) % 1300, ((n * 37) % 1300) + 1];
      // Taken on one node and asked for on the other, before its viewers know.
      const first = await hold(show, `g_first${n}`, asked, nodes[0]);
      const refused = await hold(show, `g_second${n}`, asked, nodes[1]);
      expect(codeOf(refused)).toBe('SEAT_TAKEN');
      const map = await mapOf(show);
      const offers = alternatives(refused) ?? [];
      expect(isRefusal(first) || offers.length === 3).toBe(true);
      for (const offer of offers) {
        expect(offer.map((seat) => seatState(map, seat))).toEqual([0, 0]);
        const [a, b] = offer.map((seat) => at.get(seat));
        expect(Math.hypot((a?.x ?? 0) - (b?.x ?? 9), (a?.y ?? 0) - (b?.y ?? 9))).toBeLessThan(1.3);
        expect(rowOf.get(offer[0] ?? -1)).toBe(rowOf.get(offer[1] ?? -2));
        expect(a?.tier).toBe(at.get(asked[0] ?? 0)?.tier);
      }
      if (offers[0] && n % 2 === 0) must(await hold(show, `g_second${n}`, offers[0], nodes[1]));
    }
    nodes[1].seats.feed.leave(show.id);
  });

  it('are none when everything is gone', async () => {
    const show = await makeShow(db, plainPlan(4, 4));
    must(await hold(show, 'g_all', [0, 1, 2, 3]));
    expect(alternatives(await hold(show, 'g_late', [1]))).toEqual([]);
    expect(alternatives(await best(show, 'g_later', { count: 1 }))).toEqual([]);
  });
});
