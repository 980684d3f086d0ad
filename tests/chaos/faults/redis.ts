import { createKeys } from '../../../server/redis/keys.ts';
import type { Stack } from '../stack.ts';
import { nothingToEnd, type Fault, type Field } from './fault.ts';

/** What happens to the Redis that holds the seats. */

/** A click during the outage is refused; I5 ends at the loss, and the loser of a seat is refused at checkout. */
const LOSS = { recovers: { what: 'hold', withinMs: 5000 } } as const;

export const killedRedis: Fault = {
  id: 'N2',
  name: 'kill -9 of Redis, which has nothing on disk',
  expected: 'Clicks are refused with BUSY; nothing sold reads as free; the map is rebuilt under a new epoch.',
  lastsMs: { long: 4000, short: 1500 },
  relaxes: { L1: 2000, L2: 5000 },
  ...LOSS,
  async begin({ stack, lostRedis }) {
    await stack.servers.redis.kill();
    lostRedis();
    return () => stack.servers.redis.start();
  }
};

export const flushedRedis: Fault = {
  id: 'N3',
  name: 'FLUSHALL in the middle of the sale',
  expected: 'No hold on a sold seat before the rebuild: scripts refuse without the ready mark. A new epoch.',
  lastsMs: { long: 500, short: 200 },
  relaxes: { L1: 2000, L2: 3000 },
  ...LOSS,
  async begin({ stack, lostRedis }) {
    await stack.servers.redis.admin.flushall();
    lostRedis();
    return nothingToEnd;
  }
};

/** Seats that are sold, as many as asked for, any of them. */
async function soldSeats({ stack, random }: Field, count: number): Promise<number[]> {
  const { rows } = await stack.db.query<{ seat: number }>(
    `select s.seat_index as seat from booking_seat s join booking b on b.id = s.booking_id
      where s.show_id = $1 and s.live and b.status = 'CONFIRMED' order by s.seat_index`,
    [stack.show]
  );
  const all = rows.map(({ seat }) => seat);
  return Array.from({ length: Math.min(count, all.length) }, () => all[Math.floor(random() * all.length)] ?? 0);
}

/** The map says that they can be had, and everything else of Redis is as it was. */
export async function showAsFree(stack: Stack, seats: readonly number[]): Promise<void> {
  const { map } = createKeys(stack.audited.redisPrefix).show(stack.show);
  const pipeline = stack.servers.redis.admin.pipeline();
  for (const seat of seats) pipeline.call('BITFIELD', map, 'SET', 'u2', `#${seat}`, '0');
  await pipeline.exec();
}

export const damagedRedis: Fault = {
  id: 'N3b',
  name: 'sold seats read as available in Redis, and a key of a hold is gone',
  expected: 'The reconciler mends it within 60 s; checkout refuses the seats meanwhile.',
  lastsMs: { long: 3000, short: 3000 },
  // The damage is what the reconciler (every 30 s, twice looked at) is there for.
  relaxes: { I5: 60_000, I7: 60_000, I8: 60_000, I10: Infinity, I11: 60_000, L2: 60_000 },
  async begin(field) {
    const { stack, random, note, wait } = field;
    const { admin } = stack.servers.redis;
    const keys = createKeys(stack.audited.redisPrefix);
    const seats = await soldSeats(field, 20);
    await showAsFree(stack, seats);
    const open = await admin.zrange(keys.show(stack.show).due, 0, '-1');
    const hold = open[Math.floor(random() * open.length)];
    if (hold !== undefined) await admin.del(keys.hold(stack.show, hold));
    note(`${seats.length} sold seats read as available`);
    await wait(0);
    return nothingToEnd;
  }
};

export const failedOverRedis: Fault = {
  id: 'N4',
  name: 'a failover to a replica that had stopped replicating',
  expected: 'Holds of the last seconds are lost; losers are refused before a charge; NOSCRIPT is no error.',
  lastsMs: { long: 3000, short: 1500 },
  // The replica stands at an earlier version of the same epoch: until the reconciler makes the map anew, it is behind.
  // That a guest became the account's owner may be among what is lost: the log then names the guest (I6).
  relaxes: { I5: 60_000, I6: 60_000, I7: 60_000, I8: 60_000, I10: Infinity, I11: 60_000, L1: 5000, L2: 65_000 },
  alone: true,
  ...LOSS,
  async begin({ stack, wait, lostRedis }, lastsMs) {
    const replica = await stack.servers.redis.replica();
    await replica.cutOff();
    // What happens from here on is lost.
    await wait(Math.min(2000, lastsMs));
    await replica.promote();
    lostRedis();
    stack.followRedis();
    return nothingToEnd;
  }
};

export const forgottenScripts: Fault = {
  id: 'N5',
  name: 'SCRIPT FLUSH again and again, and no more expired events',
  expected: 'No click fails of it; holds end within a second all the same.',
  lastsMs: { long: 12_000, short: 3000 },
  relaxes: {},
  async begin({ stack, wait }, lastsMs) {
    const { admin } = stack.servers.redis;
    await admin.config('SET', 'notify-keyspace-events', '');
    for (const end = performance.now() + lastsMs; performance.now() < end; await wait(250)) await admin.script('FLUSH');
    return async () => void (await admin.config('SET', 'notify-keyspace-events', 'Ex'));
  }
};

export const foreignKeys: Fault = {
  id: 'N6',
  name: 'no expired events, and 100,000 foreign keys with a TTL',
  expected: 'Holds end within a second of their time: the sweep does it, not the event.',
  lastsMs: { long: 15_000, short: 5000 },
  relaxes: {},
  async begin({ stack, wait }, lastsMs) {
    const { admin } = stack.servers.redis;
    await admin.config('SET', 'notify-keyspace-events', '');
    await admin.eval(`for i = 1, 100000 do redis.call('SET', 'foreign:' .. i, '', 'EX', 3600) end`, 0);
    await wait(lastsMs);
    return async () => {
      await admin.eval(`for i = 1, 100000 do redis.call('UNLINK', 'foreign:' .. i) end`, 0);
      await admin.config('SET', 'notify-keyspace-events', 'Ex');
    };
  }
};

export const frozenRedis: Fault = {
  id: 'N10',
  name: 'Redis is frozen (SIGSTOP), and wakes up again',
  expected: 'Clicks time out; nothing waits in line without end, and no stale holds come after it wakes up.',
  lastsMs: { long: 10_000, short: 3000 },
  relaxes: { L1: 2000, L2: 5000 },
  ...LOSS,
  begin({ stack }) {
    const { pid } = stack.servers.redis;
    process.kill(pid, 'SIGSTOP');
    return Promise.resolve(() => {
      process.kill(pid, 'SIGCONT');
      return Promise.resolve();
    });
  }
};

export const deafNode: Fault = {
  id: 'N19',
  name: 'one node loses its subscriptions to Redis',
  expected: 'Its clients find the gap, or are told, and are up to date again.',
  lastsMs: { long: 5000, short: 2500 },
  relaxes: { L2: 5000 },
  begin({ stack, random, note }) {
    const node = stack.nodes[Math.floor(random() * stack.nodes.length)];
    const wire = node && stack.wires.get(node.name)?.redis;
    // What tells it of changed seats, or what other nodes tell everybody.
    const name = random() < 0.5 ? 'fullhouse-hints' : 'fullhouse-adapter-subscribe';
    wire?.keepOut(name);
    note(`${node?.name ?? ''} is without ${name}`);
    return Promise.resolve(() => {
      wire?.letIn();
      return Promise.resolve();
    });
  }
};

export const fullRedis: Fault = {
  id: 'N20r',
  name: 'Redis has no memory left (maxmemory, noeviction)',
  expected: 'Clicks are refused with BUSY; what was sold and held stays; no half-done change.',
  lastsMs: { long: 8000, short: 2500 },
  // A release, or the end of a hold, writes too.
  relaxes: { L1: 3000 },
  ...LOSS,
  async begin({ stack }) {
    const { admin } = stack.servers.redis;
    await admin.config('SET', 'maxmemory', '1');
    return async () => void (await admin.config('SET', 'maxmemory', '0'));
  }
};
