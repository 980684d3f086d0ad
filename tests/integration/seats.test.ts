import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Hold } from '../../src/lib/domain/protocol.ts';
import { isRefusal, type Refusal } from '../../src/lib/domain/refusal.ts';
import { seatState } from '../../src/lib/domain/seat-map.ts';
import { openDatabase, type Database } from '../../server/db/database.ts';
import { createLog } from '../../server/log.ts';
import { connected, connectRedis, type RedisConnections } from '../../server/redis/connections.ts';
import { createSeats, type Seats } from '../../server/seats/seats.ts';
import { ownRedis, type OwnRedis } from './own-redis.ts';
import { bookInPostgres, makeShow } from './shows.ts';
import { makeConfig } from './stack.ts';

const log = createLog('silent', false);
const TTL = 1000;

interface Node {
  redis: RedisConnections;
  seats: Seats;
}
let db: Database;
let nodes: [Node, Node];
let seats: Seats;
let own: OwnRedis;

beforeAll(async () => {
  // FLUSHALL, SCRIPT FLUSH and CONFIG SET would disturb the tests of other files: this one has a Redis of its own.
  own = await ownRedis();
  const config = await makeConfig({
    REDIS_URL: own.url,
    HOLD_TTL_MS: String(TTL),
    HOLD_LIMIT_MS: '3000',
    PAYMENT_TTL_MS: '5000'
  });
  db = openDatabase(config.databaseUrl, log);
  const open = async () => {
    const redis = connectRedis(config, log);
    await connected(redis.commands, 5000);
    return { redis, seats: createSeats({ config, db, redis, log }) };
  };
  nodes = [await open(), await open()];
  seats = nodes[0].seats;
});

afterAll(async () => {
  for (const node of nodes) {
    await node.seats.close();
    await node.redis.close();
  }
  await db.close();
  await own.stop();
});

const must = <T>(value: T | Refusal): T => {
  if (isRefusal(value)) throw new Error(`${value.code}: ${value.message}`);
  return value;
};
const codeOf = (value: unknown) => (isRefusal(value) ? value.code : 'OK');
let request = 0;
const ask = (node: Node, show: string, buyer: string, wanted: number[]) =>
  node.seats.hold(show, buyer, wanted, `r${request++}`);
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('holding seats', () => {
  it('gives 10 contested seats to exactly 10 of 200 buyers on two nodes', async () => {
    const show = await makeShow(db, 120);
    const attempts = Array.from({ length: 200 }, (_, n) =>
      ask(nodes[n % 2 === 0 ? 0 : 1], show.id, `g_rush${n}`, [n % 10])
    );
    const answers = await Promise.all(attempts);
    const holders = answers.filter((answer): answer is Hold => !isRefusal(answer));
    expect(holders).toHaveLength(10);
    expect(holders.flatMap((hold) => hold.seats).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(new Set(answers.filter(isRefusal).map((refusal) => refusal.code))).toEqual(new Set(['SEAT_TAKEN']));
  });

  it('takes all the seats or none, and names those that are gone', async () => {
    const show = await makeShow(db, 20);
    must(await ask(nodes[0], show.id, 'g_first', [5]));
    const refused = await ask(nodes[1], show.id, 'g_second', [4, 5, 6]);
    expect(isRefusal(refused) && [refused.code, refused.details['seats']]).toEqual(['SEAT_TAKEN', [5]]);
    expect(must(await seats.snapshot(show.id)).counts).toMatchObject({ held: 1, available: 19 });
  });

  it('answers a repeated request with the same hold and changes nothing', async () => {
    const show = await makeShow(db, 20);
    const first = must(await seats.hold(show.id, 'g_again', [1, 2], 'once'));
    const version = must(await seats.snapshot(show.id)).version;
    expect(must(await nodes[1].seats.hold(show.id, 'g_again', [1, 2], 'once'))).toEqual(first);
    expect(must(await seats.snapshot(show.id)).version).toBe(version);
  });

  it('keeps the first deadline when seats are added, extends up to the hard limit, and no further', async () => {
    const show = await makeShow(db, 20);
    const first = must(await ask(nodes[0], show.id, 'g_timer', [1]));
    await wait(50);
    const more = must(await ask(nodes[0], show.id, 'g_timer', [2]));
    expect([more.seats, more.deadline]).toEqual([[1, 2], first.deadline]);
    let last = more;
    for (let n = 0; n < 8; n++) {
      await wait(400);
      const next = await seats.extend(show.id, 'g_timer');
      if (isRefusal(next)) {
        expect(['LIMIT_REACHED', 'HOLD_EXPIRED']).toContain(next.code);
        break;
      }
      expect(next.deadline).toBeGreaterThanOrEqual(last.deadline);
      last = next;
    }
    expect(last.deadline).toBe(first.hardLimit);
  });

  it('never lets a buyer past the cap, whatever they send at once over two nodes', async () => {
    const show = await makeShow(db, 50, { cap: 4 });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => ask(nodes[n % 2 === 0 ? 0 : 1], show.id, 'g_greedy', [n]))
    );
    expect(answers.filter((answer) => !isRefusal(answer))).toHaveLength(4);
    expect(must(await seats.snapshot(show.id)).counts.held).toBe(4);
  });

  it('counts seats that are being paid for towards the cap', async () => {
    const show = await makeShow(db, 50, { cap: 4 });
    const hold = must(await ask(nodes[0], show.id, 'u_payer', [1, 2, 3]));
    must(await seats.lease(hold.id, 'u_payer'));
    expect(codeOf(await ask(nodes[0], show.id, 'u_payer', [4, 5]))).toBe('CAP_REACHED');
    expect(must(await ask(nodes[0], show.id, 'u_payer', [4])).seats).toEqual([4]);
  });

  it('refuses seats that the show does not have, and shows that do not exist', async () => {
    const show = await makeShow(db, 20);
    expect(codeOf(await ask(nodes[0], show.id, 'g_far', [20]))).toBe('INVALID');
    expect(codeOf(await ask(nodes[0], 'zzzzzzzzzzzz', 'g_far', [1]))).toBe('NOT_FOUND');
  });

  it('goes on when Redis has forgotten its scripts', async () => {
    const show = await makeShow(db, 200);
    const buyers = Array.from({ length: 100 }, (_, n) => n);
    const answers = await Promise.all(
      buyers.map(async (n) => {
        if (n % 10 === 0) await nodes[1].redis.commands.script('FLUSH');
        return ask(nodes[0], show.id, `g_flush${n}`, [n]);
      })
    );
    expect(answers.filter(isRefusal)).toEqual([]);
  });

  it('refuses while the sale is paused, and keeps what is held', async () => {
    const show = await makeShow(db, 20);
    must(await ask(nodes[0], show.id, 'g_early', [1]));
    must(await seats.setSale(show.id, 'paused'));
    expect(codeOf(await ask(nodes[1], show.id, 'g_late', [2]))).toBe('SALE_PAUSED');
    expect(must(await seats.ownHold(show.id, 'g_early'))?.seats).toEqual([1]);
    must(await seats.setSale(show.id, 'open'));
    must(await ask(nodes[1], show.id, 'g_late', [2]));
  });
});

describe('giving seats back', () => {
  it('acts only for the buyer who holds them', async () => {
    const show = await makeShow(db, 20);
    const hold = must(await ask(nodes[0], show.id, 'g_owner', [1, 2, 3]));
    expect(await seats.release(show.id, 'g_stranger', [1])).toBeNull();
    expect(codeOf(await seats.holdById(hold.id, 'g_stranger'))).toBe('NOT_FOUND');
    expect(must(await seats.release(show.id, 'g_owner', [2]))?.seats).toEqual([1, 3]);
    expect(must(await seats.release(show.id, 'g_owner'))).toBeNull();
    expect(must(await seats.snapshot(show.id)).counts.available).toBe(20);
  });

  it('releases a hold within TTL + 1 s though Redis says nothing of expired keys', async () => {
    const show = await makeShow(db, 20);
    await nodes[0].redis.commands.config('SET', 'notify-keyspace-events', '');
    const hold = must(await ask(nodes[0], show.id, 'g_silent', [7]));
    const started = performance.now();
    for (;;) {
      const { counts } = must(await seats.snapshot(show.id));
      if (counts.held === 0) break;
      expect(performance.now() - started).toBeLessThan(TTL + 1000);
      await wait(20);
    }
    expect(performance.now() - started).toBeGreaterThan(TTL - 50);
    expect(codeOf(await seats.holdById(hold.id, 'g_silent'))).toBe('NOT_FOUND');
    await nodes[0].redis.commands.config('SET', 'notify-keyspace-events', 'Ex');
  });

  it('gives an overdue seat to the next buyer there and then', async () => {
    const show = await makeShow(db, 20);
    must(await ask(nodes[0], show.id, 'g_slow', [3]));
    await wait(TTL);
    expect(must(await ask(nodes[1], show.id, 'g_quick', [3])).seats).toEqual([3]);
    await wait(300);
    expect(must(await seats.ownHold(show.id, 'g_quick'))?.seats).toEqual([3]);
  });

  it('turns expired events on by itself', async () => {
    const [, flags] = (await nodes[0].redis.commands.config('GET', 'notify-keyspace-events')) as [string, string];
    expect(flags).toContain('E');
    expect(flags).toMatch(/x|A/);
  });
});

describe('checkout and after', () => {
  it('turns a hold into a lease once, and back when checkout comes to nothing', async () => {
    const show = await makeShow(db, 20);
    const hold = must(await ask(nodes[0], show.id, 'u_a', [1, 2]));
    const lease = must(await seats.lease(hold.id, 'u_a'));
    expect(lease.phase).toBe('paying');
    expect(must(await nodes[1].seats.lease(hold.id, 'u_a'))).toEqual(lease);
    expect(codeOf(await seats.lease(hold.id, 'u_b'))).toBe('NOT_FOUND');
    expect(codeOf(await seats.release(show.id, 'u_a', [1]))).toBe('OK');
    expect(must(await seats.unlease(hold.id, 'u_a')).phase).toBe('selecting');
    expect(must(await seats.ownHold(show.id, 'u_a'))?.seats).toEqual([1, 2]);
  });

  it('books only what the hold still has, and mends the rest from Postgres', async () => {
    const show = await makeShow(db, 20);
    const hold = must(await ask(nodes[0], show.id, 'u_c', [1, 2]));
    must(await seats.lease(hold.id, 'u_c'));
    await bookInPostgres(db, show, [1, 2], 'CONFIRMED', hold.id);
    must(await seats.book(show.id, hold.id, [1, 2]));
    must(await seats.book(show.id, hold.id, [1, 2]));
    expect(must(await seats.snapshot(show.id)).counts).toEqual({ available: 18, held: 0, booked: 2, blocked: 0 });
    must(await seats.book(show.id, hold.id, [3]));
    expect(must(await seats.snapshot(show.id)).counts.booked).toBe(2);
  });

  it('lets the guest’s hold follow them into their account', async () => {
    const show = await makeShow(db, 20);
    const hold = must(await ask(nodes[0], show.id, 'g_visitor', [4, 5]));
    await seats.adopt(show.id, 'g_visitor', 'u_member');
    expect(must(await seats.ownHold(show.id, 'u_member'))).toEqual(hold);
    expect(must(await seats.ownHold(show.id, 'g_visitor'))).toBeNull();
  });

  it('blocks only seats that nobody has', async () => {
    const show = await makeShow(db, 20);
    must(await ask(nodes[0], show.id, 'g_there', [1]));
    expect(must(await seats.block(show.id, [1, 2, 3], true))).toEqual([2, 3]);
    expect(codeOf(await ask(nodes[0], show.id, 'g_here', [2]))).toBe('SEAT_TAKEN');
    expect(must(await seats.block(show.id, [1, 2, 3], false))).toEqual([2, 3]);
  });
});

describe('when Redis loses everything', () => {
  it('never shows or sells a booked seat as available', async () => {
    const show = await makeShow(db, 60);
    await bookInPostgres(db, show, [10, 11, 12]);
    await bookInPostgres(db, show, [20, 21], 'PENDING');
    must(await seats.snapshot(show.id));
    let flushing = true;
    let looked = 0;
    const flusher = (async () => {
      for (let n = 0; n < 10 || looked <= 5; n++) {
        await nodes[1].redis.commands.flushall();
        // On a busy machine a rebuild takes longer than this: now and then there must be time for one.
        await wait(30 * (1 + (n % 5)));
      }
      flushing = false;
    })();
    const sold = [10, 11, 12, 20, 21];
    while (flushing) {
      const snapshot = await seats.snapshot(show.id);
      if (!isRefusal(snapshot)) {
        looked++;
        for (const seat of sold) expect(seatState(snapshot.map, seat)).not.toBe(0);
      }
      for (const seat of sold) expect(codeOf(await ask(nodes[0], show.id, `g_f${seat}`, [seat]))).not.toBe('OK');
    }
    await flusher;
  });

  it('opens again under a new epoch, with pending bookings as leases', async () => {
    const show = await makeShow(db, 60);
    const pending = await bookInPostgres(db, show, [20, 21], 'PENDING');
    const before = must(await seats.snapshot(show.id));
    must(await ask(nodes[0], show.id, 'g_gone', [1]));
    await nodes[0].redis.commands.flushall();
    const after = must(await seats.snapshot(show.id));
    expect(after.epoch).toBeGreaterThan(before.epoch);
    expect(after.counts).toEqual({ available: 58, held: 2, booked: 0, blocked: 0 });
    expect(must(await seats.holdById(pending.holdId, `u_${pending.userId}`)).phase).toBe('paying');
    expect(must(await seats.ownHold(show.id, 'g_gone'))).toBeNull();
  });

  it('mends single seats that do not agree with Postgres', async () => {
    const show = await makeShow(db, 60);
    must(await seats.snapshot(show.id));
    must(await ask(nodes[0], show.id, 'g_unlucky', [5, 6]));
    await bookInPostgres(db, show, [5]);
    expect(must(await seats.mend(show.id, [5, 6, 7]))).toBe(1);
    const { map, counts } = must(await seats.snapshot(show.id));
    expect([seatState(map, 5), seatState(map, 6), counts.booked]).toEqual([2, 1, 1]);
    expect(must(await seats.ownHold(show.id, 'g_unlucky'))?.seats).toEqual([6]);
  });
});
