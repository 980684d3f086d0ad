import { monitorEventLoopDelay } from 'node:perf_hooks';
import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import pg from 'pg';
import { makeShow, type MadeShow } from '../integration/shows.ts';
import { must, openHouse, type House } from '../integration/house.ts';
import { alternate, sleep, type Bench, type Round } from './bench.ts';

const SEATS = 100_000;
const BOOKED = 60_000;
const SEATS_A_BOOKING = 2;
/** One booking of so many waits for its payment: its seats come back as a lease. */
const ONE_PENDING_IN = 50;
/** No other work of the node may wait longer for a rebuild. */
const LONGEST_BLOCK_MS = 50;

export const rebuild: Bench = {
  name: 'rebuild',
  what: `seconds to rebuild a show of ${SEATS.toLocaleString('en')} seats, ${(100 * BOOKED) / SEATS} % booked; and the longest that it keeps the event loop from other work`,
  baseline: `reading the same rows with COPY; ${LONGEST_BLOCK_MS} ms`,
  rows: [
    { case: 'time', unit: 's', goal: { atMost: 5 } },
    { case: 'event loop', unit: 'ms', goal: { atMost: 1 } }
  ],

  async run(context, progress) {
    const house = await openHouse(await context.config());
    const client = new pg.Client(house.config.databaseUrl);
    const redis = new Redis(house.config.redisUrl);
    const rounds: Round[] = [];
    try {
      await client.connect();
      const show = await makeShow(house.db, SEATS);
      await bookMany(house, show);
      let longest = 0;
      const real = async () => {
        await forget(redis, house, show.id);
        const measured = await timed(async () => must((await house.seats.rebuild(show.id)) ?? null));
        longest = measured.longestBlock;
        return measured.seconds;
      };
      const copy = async () => (await timed(() => copyOut(client, show.id))).seconds;
      await real();
      await copy();
      for (let n = 1; n <= context.rounds; n++) {
        progress(n);
        rounds.push({ case: 'time', ...(await alternate(n, real, copy)) });
        rounds.push({ case: 'event loop', value: longest, baseline: LONGEST_BLOCK_MS });
      }
    } finally {
      redis.disconnect();
      await client.end();
      await house.close();
    }
    return rounds;
  }
};

async function timed(work: () => Promise<unknown>): Promise<{ seconds: number; longestBlock: number }> {
  globalThis.gc?.();
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  await sleep(20);
  delays.reset();
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1000;
  await sleep(20);
  delays.disable();
  return { seconds, longestBlock: delays.max / 1e6 };
}

/** The columns and rows that a rebuild reads, as fast as Postgres can write and a socket can carry them. */
async function copyOut(client: pg.Client, show: string) {
  await client.query(
    `copy (select bs.seat_index, b.status, b.hold_id, b.user_id,
                  (extract(epoch from b.expires_at) * 1000)::bigint
             from booking_seat bs join booking b on b.id = bs.booking_id
            where bs.show_id = '${show}' and bs.live) to stdout`
  );
}

/** As if Redis had lost this show. */
async function forget(redis: Redis, house: House, show: string) {
  const mine = await redis.keys(`${house.seats.keys.show(show).base}:*`);
  if (mine.length > 0) await redis.unlink(...mine);
}

/** Bookings of two neighbouring seats, each of another buyer: most confirmed, some waiting for their payment. */
async function bookMany(house: House, show: MadeShow) {
  const { db } = house;
  const count = BOOKED / SEATS_A_BOOKING;
  const ids = Array.from({ length: count }, () => randomUUID());
  await db.query(
    `insert into app_user (id, email, name, password_hash)
     select id, id || '@test.example', 'Ada Test', 'none' from unnest($1::uuid[]) id`,
    [ids]
  );
  await db.query(
    `insert into booking (id, show_id, user_id, hold_id, status, idempotency_key, request_hash, total, currency, expires_at,
                          created_at, confirmed_at)
     select id, $1, id, $1 || '.' || lpad(n::text, 12, '0'),
            case when n % $3 = 0 then 'PENDING' else 'CONFIRMED' end, id::text, 'none', 5000, 'EUR',
            now() + interval '10 minutes', now() - interval '1 hour', now() - interval '1 hour'
       from unnest($2::uuid[]) with ordinality as made (id, n)`,
    [show.id, ids, ONE_PENDING_IN]
  );
  await db.query(
    `insert into booking_seat (booking_id, show_id, plan_id, seat_index, price)
     select id, $1, $2, (n - 1) * $4 + seat, 2500
       from unnest($3::uuid[]) with ordinality as made (id, n), generate_series(0, $4 - 1) seat`,
    [show.id, show.planId, ids, SEATS_A_BOOKING]
  );
  await db.query('analyze booking');
  await db.query('analyze booking_seat');
}
