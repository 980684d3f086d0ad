import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { audit, type AuditOptions, type AuditReport } from '../../server/audit/audit.ts';
import type { AckLine } from '../../server/audit/acks.ts';
import type { Sources } from '../../server/audit/check.ts';
import { RUN } from '../../server/child.ts';
import type { Config } from '../../server/config.ts';
import { openDatabase, Rollback, type Database } from '../../server/db/database.ts';
import { createLog } from '../../server/log.ts';
import { createKeys, type Keys } from '../../server/redis/keys.ts';
import { must, openHouse, stateOf, until, type House } from './house.ts';
import { makeConfig } from './stack.ts';
import { buy, tieredShow } from './refund-house.ts';
import { makeSmallSale, type SmallSale } from './small-sale.ts';

/**
 * A small sale in each of its states. Then the service is closed and each invariant broken by hand: in Postgres inside a
 * transaction that is rolled back, in Redis on keys that are put back afterwards.
 */
let config: Config;
let db: Database;
let redis: Redis;
let keys: Keys;
let show: SmallSale['show'];
let confirmed: SmallSale['confirmed'];
let pending: SmallSale['pending'];
let held: SmallSale['held'];
const kept = new Map<string, Buffer>();

beforeAll(async () => {
  config = await makeConfig();
  const house = await openHouse(config);
  ({ show, confirmed, pending, held } = await makeSmallSale(house));
  await makePaidMove(house);
  await house.close();

  db = openDatabase(config.databaseUrl, createLog('silent', false));
  redis = new Redis(config.redisUrl);
  keys = createKeys(config.redisPrefix);
  for (const key of await redis.keys(`${keys.show(show.id).base}:*`)) {
    const dump = await redis.dumpBuffer(key);
    if (dump) kept.set(key, dump);
  }
});

/** In a show of its own: a booking that was moved to a dearer seat, and its difference paid. */
async function makePaidMove(house: House) {
  const paid = await buy(house, await tieredShow(house.db), [0]);
  const { move } = must(await house.booking.moveOwn(paid.ada.user.id, paid.bookingId, { to: [5] }, 'dearer'));
  must((await house.payments.sandboxDecide(move?.payment.id ?? '', paid.ada.user.id, 'success')) ?? true);
  await until('moved', async () => (await stateOf(house, paid.show.id, 5)) === 'booked');
  await until('done', async () => {
    const open = await house.db.query(`select 1 from outbox where done_at is null and kind = 'seats.sync'`);
    return open.rowCount === 0;
  });
}

afterEach(async () => {
  for (const [key, dump] of kept) await redis.restore(key, 0, dump, 'REPLACE');
});

afterAll(async () => {
  await db.close();
  redis.disconnect();
});

const look = (options: AuditOptions = {}, sql: Sources['sql'] = db) =>
  audit({ sql, redis, keys }, { againAfterMs: 10, ...options });
const broken = (report: AuditReport) => report.checks.filter(({ findings }) => findings.length > 0);
const namesOf = (report: AuditReport) => broken(report).map(({ name }) => name);

/** The checks that are red after these statements, which are then undone. */
const brokenBy = (...statements: string[]) =>
  db.transaction<AuditReport>(async (sql) => {
    for (const statement of statements) await sql.query(statement);
    throw new Rollback(await look({}, sql));
  });

test('a sale in all of its states is clean', async () => {
  const report = await look();
  expect(broken(report)).toEqual([]);
  expect(report).toMatchObject({ ok: true, shows: 2 });
});

const sold = () => `'${confirmed.id}'`;
const waiting = () => `'${pending.id}'`;
const alsoSold = () =>
  `insert into booking_seat (booking_id, show_id, plan_id, seat_index, price)
   select ${waiting()}, show_id, plan_id, seat_index, 0 from booking_seat where booking_id = ${sold()} and seat_index = 0`;
const long = `interval '2 minutes'`;

/** Check by check: what breaks it, and how many rows prove it. */
const inPostgres: [string, () => string[]][] = [
  ['one-booking-per-seat', () => ['drop index one_booking_per_seat', alsoSold()]],
  [
    'one-ticket-per-seat',
    () => [
      ...['drop index one_booking_per_seat', alsoSold()],
      `insert into ticket (id, booking_id, show_id, seat_index) values (gen_random_uuid(), ${waiting()}, '${show.id}', 0)`
    ]
  ],
  ['whole-bookings', () => [`update booking_seat set live = false where booking_id = ${waiting()}`]],
  ['tickets-of-seats', () => [`update ticket set void_at = now() where booking_id = ${sold()} and seat_index = 1`]],
  ['totals', () => [`update booking set total = total + 1 where id = ${waiting()}`]],
  ['payments', () => [`update payment set status = 'FAILED' where booking_id = ${sold()}`]],
  [
    'refunds',
    () => [
      `insert into refund (id, payment_id, booking_id, amount, currency, reason, seats)
       select gen_random_uuid(), id, booking_id, 2500, currency, 'broken', '{1}' from payment where booking_id = ${sold()}`
    ]
  ],
  ['differences', () => [`update payment set amount = amount - 1 where move_id is not null`]],
  ['differences', () => [`update booking_move set paid = paid - 1 where paid > 0`]],
  ['differences', () => [`update paid_move set status = 'EXPIRED' where status = 'DONE'`]],
  ['differences', () => [`update paid_move set status = 'REFUNDED' where status = 'DONE'`]],
  ['differences', () => ['alter table booking_move disable trigger all', `delete from booking_move where paid > 0`]],
  ['payments', () => [`delete from payment where move_id is not null`]],
  [
    'gateway-books',
    () => [
      `update sandbox_payment set status = 'succeeded', decided_at = now() - ${long}
        where payment_id = (select id from payment where booking_id = ${waiting()})`
    ]
  ],
  ['holds-of-bookings', () => [`update booking set hold_id = 'aaaaaaaaaaaa.bbbbbbbbbbbb' where id = ${waiting()}`]],
  ['caps', () => [`update show set seats_per_buyer = 1`]],
  [
    'nothing-twice',
    () => [
      'alter table booking drop constraint one_booking_per_hold',
      `update booking set hold_id = '${confirmed.hold}' where id = ${waiting()}`
    ]
  ],
  ['booking-states', () => [`update booking set confirmed_at = null where id = ${sold()}`]],
  ['mails', () => [`update outbox set due_at = now() - ${long}, done_at = null where kind like 'mail.%'`]],
  ['stuck-bookings', () => [`update booking set expires_at = now() - ${long} where id = ${waiting()}`]],
  ['stuck-work', () => [`update outbox set due_at = now() - ${long}, done_at = null where kind = 'seats.sync'`]]
];

test.each(inPostgres)('%s is seen broken in Postgres', async (name, statements) => {
  const report = await brokenBy(...statements());
  expect(namesOf(report)).toContain(name);
  expect(report.ok).toBe(false);
  expect(broken(report).find((check) => check.name === name)?.findings[0]?.evidence).not.toEqual({});
});

test('a cap that was lowered later breaks nothing', async () => {
  const report = await brokenBy(
    'update show set seats_per_buyer = 1',
    `insert into audit_log (user_id, action, kind, thing_id, before)
     values ('${confirmed.user}', 'update', 'show', '${show.id}', '{"seatsPerBuyer": 8}')`
  );
  expect(namesOf(report)).toEqual([]);
});

const live = () => keys.show(show.id);
const setState = (seat: number, state: number) => redis.bitfield(live().map, 'SET', 'u2', `#${seat}`, state);
async function logged(text: string) {
  const version = Number(await redis.hincrby(live().meta, 'version', 1));
  await redis.xadd(live().log, `${await redis.hget(live().meta, 'epoch')}-${version}`, 'e', `${text} 0`);
}
const inRedis: [string, () => Promise<unknown>][] = [
  ['conservation', () => redis.hincrby(live().meta, 'booked', 1)],
  ['holds-exclude', () => redis.hset(live().owner, 5, held.hold)],
  ['holds-end', () => redis.zadd(live().due, Date.now() - 5000, held.hold)],
  ['caps-of-holds', () => redis.hset(live().script[5], held.buyer, 8)],
  ['map-follows-books', () => setState(0, 0)],
  ['log-replays', () => logged(`1 0 hold ${held.hold} ${held.buyer}`)],
  ['only-the-holder-buys', () => logged(`2 2 book ${pending.hold} u_somebody`)]
];

test.each(inRedis)('%s is seen broken in Redis', async (name, breakIt) => {
  await breakIt();
  const report = await look();
  expect(namesOf(report)).toContain(name);
  expect(broken(report).find((check) => check.name === name)?.findings[0]?.evidence).toMatchObject({ show: show.id });
});

test('a sold seat in the hands of another hold, a free one that reads as sold, a blocked one on sale', async () => {
  await redis.hset(live().owner, 0, held.hold);
  await setState(0, 1);
  await setState(7, 2);
  await setState(4, 0);
  const found = broken(await look()).find(({ name }) => name === 'map-follows-books')?.findings;
  expect(found?.map(({ evidence }) => [evidence['seat'], evidence['redis'], evidence['postgres']])).toEqual([
    ...[
      [0, 'held', 'CONFIRMED'],
      [4, 'available', 'blocked'],
      [7, 'booked', 'nobody’s']
    ]
  ]);
});

test('what is put right between the two looks was only in motion', async () => {
  await setState(0, 0);
  setTimeout(() => void setState(0, 2), 100);
  expect(namesOf(await look({ againAfterMs: 400 }))).toEqual([]);
});

test('what was acknowledged and is not stored, or with other seats or another price, is lost', async () => {
  const ack = (change: Partial<Extract<AckLine, { what: 'confirmed' }>>): AckLine => ({
    ...{
      what: 'confirmed',
      booking: confirmed.id,
      hold: confirmed.hold,
      seats: confirmed.seats,
      total: confirmed.total,
      seen: Date.now()
    },
    ...change
  });
  expect(namesOf(await look({ acks: [ack({})] }))).toEqual([]);
  for (const wrong of [
    { booking: randomUUID() },
    { seats: [0] },
    { hold: pending.hold },
    { total: 1 },
    { booking: pending.id, hold: pending.hold, seats: [2], total: 2500 }
  ])
    expect(namesOf(await look({ acks: [ack(wrong)] }))).toEqual(['no-lost-booking']);
});

test('two who were told that they hold one seat at once', async () => {
  const told = (hold: string, sent: number): AckLine => ({
    ...{ what: 'hold', hold, buyer: hold, seats: [3], sent, acked: sent + 5, deadline: 600_000 }
  });
  expect(namesOf(await look({ acks: [told('a', 0), told('b', 10)] }))).toEqual(['acknowledged-holds']);
});

test('npm run audit says so by its exit code, and shows the rows', async () => {
  const env = {
    ...process.env,
    DATABASE_URL: config.databaseUrl,
    REDIS_URL: config.redisUrl,
    REDIS_PREFIX: config.redisPrefix
  };
  const run = () =>
    new Promise<{ code: number | null; text: string }>((done, fail) => {
      const child = spawn(process.execPath, [RUN, resolve('server/audit/run.ts')], { env });
      let text = '';
      child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
      child.once('error', fail);
      child.once('close', (code) => done({ code, text }));
    });
  expect(await run()).toMatchObject({ code: 0, text: expect.stringContaining('Nothing is broken') as string });
  await setState(0, 0);
  const { code, text } = await run();
  expect(code).toBe(1);
  expect(text).toMatch(/BROKEN {2}I8 +map-follows-books/);
  expect(text).toContain(`"booking":"${confirmed.id}"`);
});
