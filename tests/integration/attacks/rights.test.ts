import { spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Config } from '../../../server/config.ts';
import { openDatabase } from '../../../server/db/database.ts';
import { migrate } from '../../../server/db/migrate.ts';
import { endProcess, freePort } from '../../../server/embedded/processes.ts';
import { findRedis } from '../../../server/embedded/redis.ts';
import { createLog } from '../../../server/log.ts';
import { keepMonths } from '../../../server/seat-log/months.ts';
import { startServer, type Running } from '../../../server/serve.ts';
import { holdSeats, makeBuyer, must, openHouse, stateOf, until, type House } from '../house.ts';
import { makeShow } from '../shows.ts';
import { makeConfig } from '../stack.ts';
import { noPages, say, visitorsOf } from '../visitors.ts';
import { startSmtp, type TestSmtp } from '../smtp.ts';

/** S30: the service as the users of .deploy, who may do what it does and nothing else. */
const DEPLOY = resolve(import.meta.dirname, '../../../.deploy');
const log = createLog('silent', false);
let redis: { port: number; password: string; child: ChildProcess; home: string; keeper: Redis };
let owner: Config;
let config: Config;
let role: string;
let smtp: TestSmtp;
let house: House;
let node: Running;
const visitors = visitorsOf(() => [node]);

/** A real Redis with the users of .deploy, and one more for the test to look with. */
async function startRedis(): Promise<typeof redis> {
  const program = await findRedis(resolve('.data'), console.log);
  const home = await mkdtemp(join(tmpdir(), 'fullhouse-acl-'));
  const [password, keeper] = [randomBytes(12).toString('hex'), randomBytes(12).toString('hex')];
  const users = await readFile(join(DEPLOY, 'redis-users.conf'), 'utf8');
  const hash = createHash('sha256').update(password).digest('hex');
  const file = join(home, 'redis.conf');
  const own = `user keeper on >${keeper} ~* &* +@all\n`;
  await writeFile(file, `${users.replace('SHA256_OF_THE_PASSWORD', hash)}\n${own}`);
  const port = await freePort();
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--dir', home, '--save', ''];
  const child = spawn(program.path, [file, ...settings], {
    stdio: 'ignore',
    env: { ...process.env, ...(program.libraries ? { LD_LIBRARY_PATH: program.libraries } : {}) }
  });
  const client = new Redis(`redis://keeper:${keeper}@127.0.0.1:${port}`, { retryStrategy: () => 50 });
  client.on('error', () => undefined);
  await until('Redis answers', () =>
    client.ping().then(
      (answer) => answer === 'PONG',
      () => false
    )
  );
  return { port, password, child, home, keeper: client };
}

/** The user that .deploy/app-role.sql makes, under a name of the test's own: roles belong to the whole server. */
async function makeRole(databaseUrl: string): Promise<string> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  const name = `app_${randomBytes(4).toString('hex')}`;
  const sql = await readFile(join(DEPLOY, 'app-role.sql'), 'utf8');
  await client.query(sql.replaceAll('fullhouse_app', name));
  await client.query(sql.replaceAll('fullhouse_app', name));
  await client.query(`alter role ${name} login password 'secret'`);
  await client.end();
  return name;
}

beforeAll(async () => {
  [redis, smtp] = [await startRedis(), await startSmtp()];
  owner = await makeConfig({ SMTP_URL: smtp.url });
  role = await makeRole(owner.databaseUrl);
  const url = new URL(owner.databaseUrl);
  Object.assign(url, { username: role, password: 'secret' });
  const redisUrl = `redis://fullhouse:${redis.password}@127.0.0.1:${redis.port}`;
  config = { ...owner, databaseUrl: url.href, redisUrl, queueRedisUrl: redisUrl, redisPrefix: '' };
  // Jobs with the patience of a test in one process, sockets in another part of it.
  house = await openHouse(config);
  node = await startServer({ ...config, worker: 'separate' }, noPages);
  await house.jobs.start();
});
afterAll(async () => {
  visitors.leaveAll();
  await node.close();
  await house.close();
  redis.keeper.disconnect();
  await endProcess(redis.child.pid ?? 0, 'SIGTERM');
  await rm(redis.home, { recursive: true, force: true });
  await smtp.close();
  const client = new pg.Client(owner.databaseUrl);
  await client.connect();
  await client.query(`drop owned by ${role}`);
  await client.query(`drop role ${role}`);
  await client.end();
});

describe('S30: the service as users with few rights', () => {
  it('sells seats from the click to the mail with the tickets, over sockets, scripts, queue and outbox', async () => {
    const show = await makeShow(house.db, 40);
    const viewer = await visitors.watch(0, show);
    const socket = await visitors.guest(0);
    const click = { showId: show.id, requestId: randomUUID() };
    expect(await say(socket, 'seats:hold', { ...click, seats: [7, 8] })).toMatchObject({ ok: true });
    expect(await say(socket, 'seats:best', { showId: show.id, requestId: randomUUID(), count: 2 })).toMatchObject({
      ok: true
    });
    expect(await say(socket, 'hold:extend', { showId: show.id })).toMatchObject({ ok: true });
    expect(await say(socket, 'seats:release', { showId: show.id, seats: [7] })).toMatchObject({ ok: true });

    const ada = await makeBuyer(house.db);
    const hold = await holdSeats(house, show.id, ada.buyer, [0, 1]);
    const { booking, payment } = must(await house.booking.checkout(ada, { holdId: hold.id }, 'key'));
    must(await house.payments.sandboxDecide(payment.id, ada.user.id, 'success'));
    await until('the mail', () => smtp.to(ada.email).length > 0);
    await until('the map', async () => (await stateOf(house, show.id, 0)) === 'booked');
    await until('the viewer sees it', () => viewer.map.state(0) === 2 && viewer.map.state(8) === 1);
    must(await house.booking.cancel(booking.id, ada.user.id));
    await until(
      'the money back',
      async () => must(await house.booking.view(booking.id, ada.user.id)).booking.status === 'REFUNDED'
    );
    await node.app.live.notice(show.id, 'Doors open at seven.', 'info');

    // A seat is blocked, a hold runs out, the map is lost and made again, the log is kept.
    await redis.keeper.del(`{show:${show.id}}:map`, `{show:${show.id}}:meta`);
    must((await house.seats.rebuild(show.id)) ?? null);
    await house.reconciler.all();
    await until('the log is kept', async () => {
      const kept = await house.db.query('select 1 from seat_event where show_id = $1', [show.id]);
      return (kept.rowCount ?? 0) > 3;
    });
    const denied = (await redis.keeper.call('ACL', 'LOG')) as unknown[];
    // What the service asks for once at its start, and does without.
    expect(denied.map(String).filter((line) => !/config/.test(line))).toEqual([]);
  });

  it.each([
    ...[
      ['FLUSHALL'],
      ['FLUSHDB'],
      ['CONFIG', 'GET', '*'],
      ['CONFIG', 'SET', 'dir', '/tmp'],
      ['KEYS', '*'],
      ['DEBUG', 'SLEEP', '0']
    ],
    ...[
      ['SHUTDOWN'],
      ['MONITOR'],
      ['SAVE'],
      ['BGSAVE'],
      ['REPLICAOF', 'evil.example', '6379'],
      ['ACL', 'LIST'],
      ['ACL', 'SETUSER', 'x']
    ],
    ...[
      ['MODULE', 'LIST'],
      ['CLIENT', 'LIST'],
      ['CLIENT', 'KILL', 'TYPE', 'normal'],
      ['SLAVEOF', 'NO', 'ONE'],
      ['SWAPDB', '0', '1']
    ],
    ...[
      ['MIGRATE', 'evil.example', '1', 'k', '0', '1'],
      ['DUMP', 'shows'],
      ['RESTORE', 'k', '0', 'x'],
      ['SCRIPT', 'FLUSH'],
      ['FUNCTION', 'LIST']
    ],
    ...[
      ['GET', 'somebody-elses'],
      ['SET', 'somebody-elses', '1'],
      ['PUBLISH', 'somebody-elses', '1'],
      ['RANDOMKEY'],
      ['OBJECT', 'HELP']
    ],
    ...[
      ['EVAL', "return redis.call('FLUSHALL')", '0'],
      ['EVAL', "return redis.call('GET', 'somebody-elses')", '0']
    ]
  ])('its user of Redis is refused %s %s', async (command, ...args) => {
    const client = new Redis(config.redisUrl, { retryStrategy: () => null });
    try {
      await expect(client.call(command, ...args)).rejects.toThrow(
        /NOPERM|DEBUG command not allowed|user executing the script can't/
      );
    } finally {
      client.disconnect();
    }
  });

  it('nobody comes into Redis without a name', async () => {
    const client = new Redis(redis.port, '127.0.0.1', { retryStrategy: () => null, maxRetriesPerRequest: 0 });
    client.on('error', () => undefined);
    await expect(client.get('shows')).rejects.toThrow();
    client.disconnect();
  });

  it.each([
    ...[
      'create table stolen (a int)',
      'drop table booking',
      'alter table booking add column x int',
      'truncate booking',
      'create schema mine'
    ],
    ...['create function f() returns int language sql as $$ select 1 $$', 'drop index one_booking_per_seat'],
    ...[
      "update audit_log set action = 'nothing'",
      'delete from audit_log',
      "insert into migration (name) values ('x')",
      'create role other'
    ],
    ...[
      "copy booking to program 'cat'",
      "select pg_read_file('/etc/passwd')",
      'alter role current_user superuser',
      'create index i on booking (id)'
    ],
    ...[
      'alter table booking disable trigger all',
      'create trigger t after insert on booking execute function f()',
      'select * from pg_authid'
    ]
  ])('its user of Postgres is refused: %s', async (statement) => {
    await expect(house.db.query(statement)).rejects.toThrow(
      /permission denied|must be owner|must be superuser|only roles with/i
    );
  });

  it('the months of the seat log are made and dropped for it by the owner’s functions, and nothing else is', async () => {
    const months = async () =>
      (
        await house.db.query<{ name: string }>(
          `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'seat_event'::regclass order by 1`
        )
      ).rows.map(({ name }) => name);
    const far = new Date('2041-05-05T00:00:00Z');
    await keepMonths(house.db, 400, log, far);
    expect(await months()).toEqual([
      'seat_event_2041_05',
      'seat_event_2041_06',
      'seat_event_2041_07',
      'seat_event_rest'
    ]);
    await keepMonths(house.db, 31, log, new Date('2041-09-05T00:00:00Z'));
    expect(await months()).not.toContain('seat_event_2041_05');
    // A table of one's own session is not taken for ours.
    await house.db.transaction(async (sql) => {
      await sql.query('create temp table seat_event_rest (like seat_event)');
      await sql.query(`insert into seat_event_rest values ('x', 1, 1, '2050-01-15', 1, '{1}', 'hold', 'x.y', 'u')`);
      await sql.query('create temp table seat_event_2050_01 (a int)');
      const { rows } = await sql.query<{ moved: number }>(`select make_seat_event_month('2050-01-15') as moved`);
      expect(rows[0]?.moved).toBe(0);
    });
    expect(await months()).toContain('seat_event_2050_01');
  });

  it('a schema that is behind is not touched by it: its owner migrates', async () => {
    const old = openDatabase(owner.databaseUrl, log);
    const mine = openDatabase(config.databaseUrl, log);
    try {
      await old.query(`delete from migration where name = '0023_least_rights.sql'`);
      await expect(migrate(mine, log)).rejects.toThrow(/permission denied/);
      await old.query(`insert into migration (name) values ('0023_least_rights.sql')`);
      await migrate(mine, log);
    } finally {
      await Promise.all([old.close(), mine.close()]);
    }
  });
});
