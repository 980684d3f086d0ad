import { randomUUID } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { must, openHouse, type House } from './house.ts';
import { makeShow, type MadeShow } from './shows.ts';
import { makeConfig } from './stack.ts';

/** A show with more bookings, pending ones and blocks than a rebuild reads or writes in one go. */
const [SEATS, BOOKED, PENDING, BLOCKED] = [40_000, 20_000, 1300, 2500];
let house: House;
let show: MadeShow;

beforeAll(async () => {
  house = await openHouse(await makeConfig());
  show = await makeShow(house.db, SEATS);
  // One seat a booking, each of another buyer.
  await book(0, BOOKED, 'CONFIRMED');
  await book(BOOKED, PENDING, 'PENDING');
  await house.db.query(
    `insert into seat_block (show_id, plan_id, seat_index) select $1, $2, n from generate_series($3::int, $4::int - 1) n`,
    [show.id, show.planId, BOOKED + PENDING, BOOKED + PENDING + BLOCKED]
  );
});
afterAll(() => house.close());

async function book(first: number, count: number, status: 'CONFIRMED' | 'PENDING') {
  const ids = Array.from({ length: count }, () => randomUUID());
  await house.db.query(
    `insert into app_user (id, email, name, password_hash)
     select id, id || '@test.example', 'Ada Test', 'none' from unnest($1::uuid[]) id`,
    [ids]
  );
  await house.db.query(
    `insert into booking (id, show_id, user_id, hold_id, status, idempotency_key, request_hash, total, currency, expires_at, created_at)
     select id, $1, id, $1 || '.' || lpad(($4::int + n)::text, 12, '0'), $3, id::text, 'none', 2500, 'EUR',
            now() + interval '10 minutes', now() - interval '1 hour'
       from unnest($2::uuid[]) with ordinality as made (id, n)`,
    [show.id, ids, status, first]
  );
  await house.db.query(
    `insert into booking_seat (booking_id, show_id, plan_id, seat_index, price)
     select id, $1, $2, $4::int + n - 1, 2500 from unnest($3::uuid[]) with ordinality as made (id, n)`,
    [show.id, show.planId, ids, first]
  );
}

/** As if Redis had lost the show. Answers how long the rebuild took, and the longest that nothing else came in between. */
async function rebuild(): Promise<{ took: number; longestBlock: number }> {
  const keys = await house.redis.commands.keys(`${house.seats.keys.show(show.id).base}:*`);
  if (keys.length > 0) await house.redis.commands.unlink(...keys);
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  await new Promise((resolve) => setTimeout(resolve, 20));
  delays.reset();
  const started = performance.now();
  must((await house.seats.rebuild(show.id)) ?? null);
  const took = performance.now() - started;
  delays.disable();
  return { took, longestBlock: delays.max / 1e6 };
}

describe('rebuilding a large show', () => {
  it('brings back every booking, every lease, every block and what each buyer has', async () => {
    await rebuild();
    const { counts } = must(await house.seats.snapshot(show.id));
    expect(counts).toEqual({
      ...{ booked: BOOKED, held: PENDING, blocked: BLOCKED },
      available: SEATS - BOOKED - PENDING - BLOCKED
    });
    const { base, owner, due } = house.seats.keys.show(show.id);
    const { commands } = house.redis;
    expect(await commands.hlen(`${base}:taken`)).toBe(BOOKED + PENDING);
    expect(await commands.hlen(owner)).toBe(PENDING);
    expect(await commands.zcard(due)).toBe(PENDING);
    // None of them may end with the time that unfinished rebuilds are kept for.
    for (const key of [owner, due, `${base}:taken`, `${base}:map`]) expect(await commands.pttl(key)).toBe(-1);
  });

  it('lets other work of the node in all along', async () => {
    const shares: number[] = [];
    for (let n = 0; n < 5; n++) {
      const { took, longestBlock } = await rebuild();
      shares.push(longestBlock / took);
    }
    // Written in one go, the buyers took 0.41 to 0.44 of the time in the middle one of five rebuilds; in portions 0.09 to
    // 0.15. One alone says little: another process may hold ours up.
    shares.sort((a, b) => a - b);
    expect(shares[2]).toBeLessThan(0.25);
  });
});
