import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLog } from '../../server/log.ts';
import { copyShow, schemaOf } from '../../server/rehearsal/copy.ts';
import { createRehearsals, type Rehearsals } from '../../server/rehearsal/rehearsals.ts';
import { createRehearser } from '../../server/rehearsal/rehearser.ts';
import { codeOf, must, openHouse, until, type House } from './house.ts';
import { bookInPostgres, makeShow, makeUser, type MadeShow } from './shows.ts';
import { makeConfig } from './stack.ts';

/** A worker that rehearses: real processes, a real service on the copy, and the real house beside it. */
let house: House;
let rehearsals: Rehearsals;
let show: MadeShow;
let admin: { user: string; owner: null };

beforeAll(async () => {
  house = await openHouse(await makeConfig());
  rehearsals = createRehearsals({ db: house.db });
  admin = { user: await makeUser(house.db, 'admin'), owner: null };
  show = await makeShow(house.db, 200);
  await house.db.query(`update show set sale = 'paused' where id = $1`, [show.id]);
  await house.jobs.start();
});
afterAll(() => house.close());

const latest = async () => must(await rehearsals.latest(admin, show.id));
const counts = async () =>
  (
    await house.db.query(
      `select (select count(*) from show) as shows, (select count(*) from booking) as bookings,
              (select count(*) from app_user) as users, (select count(*) from outbox) as work,
              (select count(*) from seat_run) as runs`
    )
  ).rows[0];
async function leftOver(): Promise<string[]> {
  const { rows } = await house.db.query<{ name: string }>(
    `select nspname as name from pg_namespace where nspname like 'rehearsal%'`
  );
  const keys = await house.redis.commands.keys(`${house.config.redisPrefix}rehearsal-*`);
  return [...rows.map(({ name }) => name), ...keys];
}

it('sells a copy to invented buyers, says what it found, and leaves nothing behind', { timeout: 120_000 }, async () => {
  const before = await counts();
  await house.db.query(
    `insert into rehearsal (id, show_id, started_by, buyers, seconds) values ('firstone0001', $1, $2, 12, 4)`,
    [show.id, admin.user]
  );
  expect(codeOf(await rehearsals.start(admin, show.id, { buyers: 10, seconds: 10 }))).toBe('REHEARSAL_RUNS');
  const done = await until('the verdict', async () => (await latest())?.verdict && latest(), 90_000);
  expect(done).toMatchObject({ state: 'done', verdict: { ok: true, details: [] } });
  expect(done?.verdict?.checks.length).toBeGreaterThan(10);
  expect(done?.progress?.holds).toBeGreaterThan(0);
  expect(done?.progress?.bookings).toBeGreaterThan(0);
  expect(done?.progress?.confirmed).toBe(done?.progress?.bookings);
  await until('the copy is removed', async () => (await leftOver()).length === 0);
  expect(await counts()).toEqual(before);
});

it('ends when it is told to, and leaves nothing behind', { timeout: 60_000 }, async () => {
  must(await rehearsals.start(admin, show.id, { buyers: 10, seconds: 300 }));
  await until('it sells', async () => (await latest())?.doing === 'Selling', 40_000);
  expect(await leftOver()).not.toEqual([]);
  must(await rehearsals.stop(admin, show.id));
  await until('it is stopped', async () => (await latest())?.state === 'stopped');
  await until('the copy is removed', async () => (await leftOver()).length === 0);
});

it('is given up when its worker was killed, and what that left behind is removed', async () => {
  await house.db.query(
    `insert into rehearsal (id, show_id, started_by, buyers, seconds, state, beat_at)
     values ('orphan000001', $1, $2, 10, 10, 'running', now() - interval '1 minute')`,
    [show.id, admin.user]
  );
  await house.db.query(`create schema ${schemaOf('orphan000001')}`);
  await house.db.query(`create table ${schemaOf('orphan000001')}.booking (id text)`);
  await house.redis.commands.set(`${house.config.redisPrefix}rehearsal-orphan000001-shows`, 'x');
  await until('it failed', async () => (await latest())?.state === 'failed');
  const { db, config, redis } = house;
  const next = createRehearser({ db, config, redis: redis.commands, log: createLog('silent', false) });
  next.start();
  await until('the rest is removed', async () => (await leftOver()).length === 0);
  await next.close();
});

describe('is refused', () => {
  it('to organizers: the machine’s power is not theirs to take', async () => {
    const owner = { user: show.organizerId, owner: show.organizerId };
    const body = { buyers: 10, seconds: 10 };
    expect(codeOf(await rehearsals.start(owner, show.id, body))).toBe('NOT_FOUND');
    expect(codeOf(await rehearsals.latest(owner, show.id))).toBe('NOT_FOUND');
    expect(codeOf(await rehearsals.stop(owner, show.id))).toBe('NOT_FOUND');
  });

  it('for a show that is on sale, or has sold something', async () => {
    const open = await makeShow(house.db, 20);
    expect(codeOf(await rehearsals.start(admin, open.id, { buyers: 10, seconds: 10 }))).toBe('ON_SALE');
    await house.db.query(`update show set sale = 'paused' where id = $1`, [open.id]);
    expect(await rehearsals.obstacle(admin, open.id)).toBeNull();
    await bookInPostgres(house.db, open, [1]);
    expect(codeOf(await rehearsals.start(admin, open.id, { buyers: 10, seconds: 10 }))).toBe('ON_SALE');
  });
});

it('copies nothing of a person but ids', async () => {
  const { db } = house;
  const schema = schemaOf('copyonly0001');
  await db.transaction(async (sql) => {
    await sql.query(`create schema ${schema}`);
    const tables = ['app_user', 'venue', 'venue_room', 'seating_plan', 'plan_seat', 'event', 'show', 'show_tier'];
    for (const table of [...tables, 'show_ticket_type', 'show_fee', 'seat_block'])
      await sql.query(`create table ${schema}.${table} (like public.${table} including defaults including generated)`);
    await sql.query(`set local search_path to ${schema}`);
    await copyShow(sql, 'public', show.id);
    const { rows } = await sql.query<{ email: string; password_hash: string }>(
      'select email, password_hash from app_user'
    );
    expect(rows).toEqual([{ email: 'organizer@rehearsal.invalid', password_hash: 'none' }]);
    const seats = await sql.query('select 1 from plan_seat');
    expect(seats.rowCount).toBe(200);
    await sql.query(`drop schema ${schema} cascade`);
  });
});
