import { createKeys } from '../../../server/redis/keys.ts';
import type { Stack } from '../stack.ts';
import { pick, type Fault, type Field } from './fault.ts';

/** What happens to what the seats' Redis holds, and to what it tells. Its process stays as it is: redis-process.ts. */

export const flushedRedis: Fault = {
  id: 'N3',
  name: 'FLUSHALL in the middle of the sale',
  expected: 'No hold on a sold seat before the rebuild: scripts refuse without the ready mark. A new epoch.',
  lastsMs: { long: 500, short: 200 },
  relaxes: {},
  recovers: { what: 'hold', withinMs: 5000 },
  async begin({ stack, lostRedis }) {
    await stack.servers.redis.admin.flushall();
    lostRedis();
    return undefined;
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
  return Array.from({ length: Math.min(count, all.length) }, () => pick(all, random));
}

/** The map says that they can be had, and everything else of Redis is as it was. */
export async function showAsFree(stack: Stack, seats: readonly number[]): Promise<void> {
  const { map } = createKeys(stack.audited.redisPrefix).show(stack.show);
  const pipeline = stack.servers.redis.admin.pipeline();
  for (const seat of seats) pipeline.call('BITFIELD', map, 'SET', 'u2', `#${seat}`, '0');
  await pipeline.exec();
}

/** Until then the reconciler has mended it: it looks every 30 s, and twice. */
const MENDED_MS = 60_000;

export const damagedRedis: Fault = {
  id: 'N3b',
  name: 'sold seats read as available in Redis, and a key of a hold is gone',
  expected: 'The reconciler mends it within 60 s; checkout refuses the seats meanwhile.',
  lastsMs: { long: 3000, short: 3000 },
  // Who clicks such a seat holds it, until checkout says no; and the sums are not right. The books never are wrong.
  relaxes: { I5: MENDED_MS, I7: MENDED_MS, I10: MENDED_MS, I11: MENDED_MS },
  async begin(field) {
    const { stack, random, note } = field;
    const { admin } = stack.servers.redis;
    const keys = createKeys(stack.audited.redisPrefix);
    const seats = await soldSeats(field, 20);
    await showAsFree(stack, seats);
    const open = await admin.zrange(keys.show(stack.show).due, 0, '-1');
    if (open.length > 0) await admin.del(keys.hold(stack.show, pick(open, random)));
    note(`${seats.length} sold seats read as available${open.length > 0 ? ', and a hold has lost its key' : ''}`);
    return undefined;
  }
};

/** No more expired events; answers what brings them back. */
async function withoutEvents({ servers: { redis } }: Stack): Promise<() => Promise<unknown>> {
  await redis.admin.config('SET', 'notify-keyspace-events', '');
  return () => redis.admin.config('SET', 'notify-keyspace-events', 'Ex');
}

export const forgottenScripts: Fault = {
  id: 'N5',
  name: 'SCRIPT FLUSH again and again, and no more expired events',
  expected: 'No click fails of it; holds end within a second all the same.',
  lastsMs: { long: 12_000, short: 3000 },
  relaxes: {},
  async begin({ stack, wait }, lastsMs) {
    const back = await withoutEvents(stack);
    const { admin } = stack.servers.redis;
    for (const end = performance.now() + lastsMs; performance.now() < end; await wait(250)) await admin.script('FLUSH');
    return back;
  }
};

export const foreignKeys: Fault = {
  id: 'N6',
  name: 'no expired events, and 100,000 foreign keys with a TTL',
  expected: 'Holds end within a second of their time: the sweep does it, not the event.',
  lastsMs: { long: 15_000, short: 5000 },
  relaxes: {},
  async begin({ stack }) {
    const back = await withoutEvents(stack);
    const { admin } = stack.servers.redis;
    const forEach = async (what: string) => {
      // In portions: one script over all of them would be a frozen Redis, which is another fault.
      for (let n = 0; n < 100_000; n += 2000)
        await admin.eval(`for i = ${n + 1}, ${n + 2000} do redis.call(${what}) end`, 0);
    };
    await forEach(`'SET', 'foreign:' .. i, '', 'EX', 3600`);
    return async () => {
      await forEach(`'UNLINK', 'foreign:' .. i`);
      await back();
    };
  }
};

export const deafNode: Fault = {
  id: 'N19',
  name: 'one node loses its subscriptions to Redis',
  expected: 'Its clients find the gap, or are told, and are up to date again.',
  lastsMs: { long: 5000, short: 2500 },
  relaxes: { L2: 5000 },
  begin({ stack, random, note }) {
    const node = pick(stack.nodes, random);
    // What tells it of changed seats, or what other nodes tell everybody.
    const name = pick(['fullhouse-hints', 'fullhouse-adapter-subscribe'], random);
    const wire = stack.wires.get(node.name)?.redis;
    wire?.keepOut(name);
    note(`${node.name} is without ${name}`);
    return () => wire?.letIn();
  }
};
