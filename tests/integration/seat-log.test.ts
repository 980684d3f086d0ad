import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { audit } from '../../server/audit/audit.ts';
import type { FaultPoint } from '../../server/booking/fault-points.ts';
import { RUN } from '../../server/child.ts';
import type { Config } from '../../server/config.ts';
import { createLog } from '../../server/log.ts';
import { readStreamEntry, type StreamEntry } from '../../server/seat-log/entries.ts';
import { keepMonths } from '../../server/seat-log/months.ts';
import { foldInto } from '../../server/seats/fold.ts';
import { sizedMap, type SeatState } from '../../src/lib/domain/seat-map.ts';
import { environmentOf } from './crash-environment.ts';
import { holdSeats, must, openHouse, type House } from './house.ts';
import { bookInPostgres, makeShow, type MadeShow } from './shows.ts';
import { makeConfig } from './stack.ts';

const CHILD = join(import.meta.dirname, 'seat-log-child.ts');
const CAPACITY = 60;
const log = createLog('silent', false);

let config: Config;
let house: House;
let show: MadeShow;

beforeAll(async () => {
  config = await makeConfig();
  house = await openHouse(config, { logTail: 0 });
});
afterAll(() => house.close());
beforeEach(async () => {
  show = await makeShow(house.db, CAPACITY);
  must(await house.seats.rebuild(show.id));
});

/** Buyers come and go: `count` entries of the log, or a few more. */
async function sell(count: number, from = 0): Promise<void> {
  for (let n = 0; n < count; n += 2) {
    const buyer = `g_${from}x${n}`;
    const seat = (7 * n + from) % CAPACITY;
    const hold = await house.seats.hold(show.id, buyer, [seat], `r${from}x${n}`);
    if (n % 6 === 0 && 'id' in hold) must(await house.seats.release(show.id, buyer));
    else await house.seats.endHolds(show.id);
  }
}

async function inRedis(): Promise<StreamEntry[]> {
  const found = await house.redis.commands.xrangeBuffer(house.seats.keys.show(show.id).log, '-', '+');
  return (found as [Buffer, Buffer[]][]).map(readStreamEntry);
}

interface Row {
  epoch: number;
  version: number;
  state: SeatState;
  seats: number[];
  cause: string;
  hold: string;
  buyer: string;
  at: number;
}
async function kept(): Promise<Row[]> {
  const { rows } = await house.db.query<Row>(
    `select epoch, version, state, seats, cause, hold_id as hold, buyer, (extract(epoch from at) * 1000)::bigint as at
       from seat_event where show_id = $1 order by epoch, version`,
    [show.id]
  );
  return rows;
}
const gaps = async () =>
  (
    await house.db.query<{ reason: string; from: number; to: number | null }>(
      'select reason, from_version as "from", to_version as "to" from seat_gap where show_id = $1 order by id',
      [show.id]
    )
  ).rows;

const told = ({ epoch, version, state, seats, cause, hold, buyer, at }: Row | StreamEntry) =>
  `${epoch}-${version} ${state} ${seats.join()} ${cause} ${hold} ${buyer} ${at}`;

/** Keeps until nothing is left, as the worker does, whatever was told of before. */
async function keepAll(): Promise<void> {
  await house.redis.commands.sadd(house.seats.keys.unkept, show.id);
  await house.seatLog.keeper.pass();
}

/** From a kept map on, the kept entries lead to the map that Redis has. */
async function expectFoldToBeTheMap(): Promise<void> {
  const { epoch, version, map } = must(await house.seats.snapshot(show.id));
  const rows = (await kept()).filter((row) => row.epoch === epoch);
  const { rows: keyframes } = await house.db.query<{ version: number; map: Buffer }>(
    'select version, map from seat_keyframe where show_id = $1 and epoch = $2 order by version',
    [show.id, epoch]
  );
  expect(keyframes.length).toBeGreaterThan(0);
  for (const keyframe of keyframes) {
    const folded = sizedMap(keyframe.map, CAPACITY);
    const after = rows.filter((row) => row.version > keyframe.version);
    foldInto(folded, keyframe.version, after);
    expect([...folded]).toEqual([...map]);
  }
  expect(rows.at(-1)?.version).toBe(version);
}

async function expectSoundAudit(): Promise<void> {
  const { redis, db, seats } = house;
  const { checks } = await audit({ sql: db, redis: redis.commands, keys: seats.keys }, { againAfterMs: 10 });
  expect(checks.find(({ name }) => name === 'log-replays')?.findings).toEqual([]);
}

describe('the kept log', () => {
  it('is what happened, entry by entry, and leads from each kept map to the map that stands', async () => {
    await sell(560);
    const happened = (await inRedis()).map(told);
    await keepAll();
    expect((await kept()).map(told)).toEqual(happened);
    expect(await gaps()).toEqual([]);
    await expectFoldToBeTheMap();
    const { rows } = await house.db.query('select version from seat_keyframe where show_id = $1', [show.id]);
    expect(rows.length).toBeGreaterThanOrEqual(3);
    // Only behind what is kept is the stream trimmed: here to the last entry.
    expect((await inRedis()).map(told)).toEqual(happened.slice(-1));
    await expectSoundAudit();
  });

  it('notices a seat that is in another state than the kept entries say', async () => {
    await sell(4);
    await keepAll();
    const { db, redis, seats } = house;
    await db.query(`update seat_event set seats = '{59}' where show_id = $1 and version = 1`, [show.id]);
    const { checks } = await audit({ sql: db, redis: redis.commands, keys: seats.keys }, { againAfterMs: 10 });
    expect(checks.find(({ name }) => name === 'log-replays')?.findings.length).toBeGreaterThan(0);
    await db.query('delete from seat_event where show_id = $1', [show.id]);
    await db.query('delete from seat_keyframe where show_id = $1', [show.id]);
  });

  it('finds what nobody told of', async () => {
    await sell(6);
    await house.redis.commands.del(house.seats.keys.unkept);
    expect(await house.seatLog.keeper.walk()).toContain(show.id);
    await keepAll();
    expect(await house.seatLog.keeper.walk()).not.toContain(show.id);
  });
});

describe('a worker that is killed while it keeps', () => {
  async function dieAt(point: FaultPoint): Promise<void> {
    await house.redis.commands.sadd(house.seats.keys.unkept, show.id);
    const child = spawn(process.execPath, [RUN, CHILD, JSON.stringify({ point })], {
      env: { PATH: process.env['PATH'], ...environmentOf(config) },
      stdio: ['ignore', 'ignore', 'pipe']
    });
    let errors = '';
    child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()));
    const signal = await new Promise<string | null>((resolve) => child.once('exit', (_, by) => resolve(by)));
    if (signal !== 'SIGKILL') throw new Error(`the process never came to ${point}:\n${errors}`);
  }

  it.each(['seat-log:after-copy', 'seat-log:after-commit'] as const)(
    'at %s leaves no gap and nothing twice',
    async (point) => {
      await sell(40);
      await keepAll();
      const before = (await kept()).map(told);
      await sell(40, 1);
      const happened = [...before, ...(await inRedis()).map(told).slice(1)];
      await dieAt(point);
      await sell(40, 2);
      const later = (await inRedis()).map(told);
      await keepAll();
      const all = (await kept()).map(told);
      expect(all).toEqual([...new Set([...happened, ...later])]);
      expect(await gaps()).toEqual([]);
      await expectFoldToBeTheMap();
      await expectSoundAudit();
    }
  );
});

describe('what is missing is written down', () => {
  it('when Redis gave up the oldest entries before they were kept', async () => {
    await sell(10);
    await keepAll();
    await sell(20, 1);
    const { epoch, version } = must(await house.seats.snapshot(show.id));
    const last = (await kept()).at(-1)?.version ?? 0;
    await house.redis.commands.xtrim(house.seats.keys.show(show.id).log, 'MINID', `${epoch}-${version - 3}`);
    await keepAll();
    expect(await gaps()).toEqual([{ reason: 'trimmed', from: last + 1, to: version - 4 }]);
    await sell(8, 2);
    await keepAll();
    await expectSoundAudit();
    // After the gap looking begins again at a map that Redis had.
    const { rows } = await house.db.query<{ keyframed: number }>('select keyframed from seat_run where show_id = $1', [
      show.id
    ]);
    expect(rows[0]?.keyframed).toBe(version);
  });

  it('when Redis lost everything; and nothing is missing when the map was taken away in good order', async () => {
    await sell(4);
    await keepAll();
    const last = (await kept()).at(-1)?.version ?? 0;
    await sell(4, 1);
    const { redis, seats } = house;
    await redis.commands.del(...(await redis.commands.keys(`${seats.keys.show(show.id).base}:*`)));
    await bookInPostgres(house.db, show, [5]);
    must(await seats.rebuild(show.id));
    await keepAll();
    expect(await gaps()).toEqual([{ reason: 'lost', from: last + 1, to: null }]);
    await expectFoldToBeTheMap();

    await sell(4, 2);
    must(await seats.forget(show.id));
    must(await seats.rebuild(show.id));
    await holdSeats(house, show.id, 'g_last', [9]);
    await keepAll();
    expect(await gaps()).toHaveLength(1);
    expect((await kept()).filter(({ cause }) => cause === 'load')).toHaveLength(3);
    await expectFoldToBeTheMap();
    await expectSoundAudit();
  });

  it('when Redis went back in time, and gave the same versions to other changes', async () => {
    const { redis, seats } = house;
    await sell(10);
    const names = await redis.commands.keys(`${seats.keys.show(show.id).base}:*`);
    const dumps = await Promise.all(names.map(async (name) => [name, await redis.commands.dumpBuffer(name)] as const));
    const { version } = must(await seats.snapshot(show.id));
    await sell(6, 1);
    const lost = must(await seats.snapshot(show.id)).version;
    await house.redis.commands.sadd(house.seats.keys.unkept, show.id);
    await house.seatLog.keeper.pass();
    await redis.commands.del(...(await redis.commands.keys(`${seats.keys.show(show.id).base}:*`)));
    for (const [name, dump] of dumps) if (dump) await redis.commands.restore(name, 0, dump);
    await sell(12, 3);
    const stream = (await inRedis()).map(told);
    await keepAll();
    expect(await gaps()).toEqual([{ reason: 'went-back', from: version + 1, to: lost }]);
    expect((await kept()).map(told)).toEqual(stream);
    await expectFoldToBeTheMap();
    await expectSoundAudit();
  });
});

describe('the months of the log', () => {
  const partitionOf = async () =>
    (
      await house.db.query<{ part: string }>(
        'select distinct tableoid::regclass::text as part from seat_event where show_id = $1',
        [show.id]
      )
    ).rows.map(({ part }) => part);

  it('are made ahead, take over what fell beside them, and go when their time is over', async () => {
    await sell(2);
    await keepAll();
    expect(await partitionOf()).toEqual(['seat_event_rest']);
    await keepMonths(house.db, 400, log);
    const [part = ''] = await partitionOf();
    expect(part).toBe(`seat_event_${new Date().toISOString().slice(0, 7).replace('-', '_')}`);
    await expectFoldToBeTheMap();
    const later = (days: number) => new Date(Date.now() + days * 86_400_000);
    await keepMonths(house.db, 400, log, later(300));
    expect(await partitionOf()).toEqual([part]);
    await keepMonths(house.db, 400, log, later(500));
    expect(await partitionOf()).toEqual([]);
  });
});
