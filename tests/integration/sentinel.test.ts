import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRefusal, type Refusal } from '../../src/lib/domain/refusal.ts';
import { seatState } from '../../src/lib/domain/seat-map.ts';
import { freePort } from '../../server/embedded/processes.ts';
import { findRedis, startRedis, type EmbeddedRedis } from '../../server/embedded/redis.ts';
import { startServer, type Running } from '../../server/serve.ts';
import { must, until } from './house.ts';
import { bookInPostgres, makeShow, type MadeShow } from './shows.ts';
import { makeConfig } from './stack.ts';
import { hold, noPages, visitorsOf, wait } from './visitors.ts';

/**
 * A master, its replica and a Sentinel, each a real process. The line between the two breaks, and then the master is killed
 * while people click: what the replica never heard of is lost, and nothing else.
 */
const PASSWORD = 'the-same-for-both';
const GROUP = 'seats';
let home: string;
let master: EmbeddedRedis;
let replica: EmbeddedRedis;
let sentinel: ChildProcess;
/** A connection to the replica. */
let ear: Redis;
let running: Running;
let show: MadeShow;

const { guest, watch, leaveAll } = visitorsOf(() => [running]);
const sentinelLog = () => join(home, 'sentinel.log');
const portOf = ({ url }: EmbeddedRedis) => new URL(url).port;

async function startSentinel(): Promise<number> {
  const program = await findRedis(resolve('.data'), console.log);
  const port = await freePort();
  const file = join(home, 'sentinel.conf');
  const lines = [
    ...[`port ${port}`, 'bind 127.0.0.1', `dir ${home}`, `logfile ${sentinelLog()}`],
    `sentinel monitor ${GROUP} 127.0.0.1 ${portOf(master)} 1`,
    `sentinel auth-pass ${GROUP} ${PASSWORD}`,
    ...[`sentinel down-after-milliseconds ${GROUP} 3000`, `sentinel failover-timeout ${GROUP} 5000`]
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  sentinel = spawn(program.path, [file, '--sentinel'], {
    stdio: 'ignore',
    env: { ...process.env, ...(program.libraries ? { LD_LIBRARY_PATH: program.libraries } : {}) }
  });
  const client = new Redis(port, { retryStrategy: () => 50, maxRetriesPerRequest: null });
  client.on('error', () => undefined);
  await until('the Sentinel knows the replica', async () => {
    const replicas = (await client.call('SENTINEL', 'REPLICAS', GROUP)) as unknown[];
    return replicas.length === 1;
  });
  client.disconnect();
  return port;
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'fullhouse-sentinel-'));
  const start = (folder: string, args: string[] = []) =>
    startRedis(home, console.log, {
      ...{ folder, programDir: resolve('.data'), password: PASSWORD },
      args: ['--masterauth', PASSWORD, '--repl-diskless-sync-delay', '0', ...args]
    });
  master = await start('master');
  replica = await start('replica', ['--replicaof', '127.0.0.1', portOf(master)]);
  ear = new Redis(replica.url);
  const port = await startSentinel();
  const config = await makeConfig({
    // Nobody listens there: the address is the Sentinel's to say.
    REDIS_URL: `redis://:${PASSWORD}@127.0.0.1:9`,
    REDIS_SENTINELS: `${GROUP}@127.0.0.1:${port}`,
    ...{ QUEUE_REDIS_URL: 'redis://127.0.0.1:9', WORKER: 'separate' }
  });
  running = await startServer(config, noPages);
  show = await makeShow(running.app.db, 120);
});
afterAll(async () => {
  leaveAll();
  await running.close();
  ear.disconnect();
  sentinel.kill();
  await Promise.all([master.stop(), replica.stop()]);
  await rm(home, { recursive: true, force: true });
});

async function held(seats: readonly number[]): Promise<number[]> {
  const snapshot = must(await running.app.seats.snapshot(show.id));
  return seats.filter((seat) => seatState(snapshot.map, seat) === 1);
}

describe('with Redis Sentinel', () => {
  it('a failover loses the holds that the replica had not heard of, and nothing that was booked', async () => {
    const { seats, db } = running.app;
    const viewer = await watch(0, show);
    const clickers = await Promise.all(Array.from({ length: 12 }, () => guest(0)));
    const known = [0, 1, 2, 3, 4, 5];
    for (const seat of known)
      expect(await hold(clickers[seat] ?? viewer.socket, show, [seat])).toMatchObject({ ok: true });
    const mapped = must(await seats.snapshot(show.id));
    await until('the replica has heard of them', async () => {
      const version = await ear.hget(seats.keys.show(show.id).meta, 'version');
      return Number(version) >= mapped.version;
    });

    // From here on the replica hears nothing, as behind a broken line: what is acknowledged only the master knows.
    await ear.config('SET', 'masterauth', 'wrong');
    await ear.call('CLIENT', 'KILL', 'TYPE', 'master');
    const lost = [6, 7, 8];
    for (const seat of lost)
      expect(await hold(clickers[seat] ?? viewer.socket, show, [seat])).toMatchObject({ ok: true });
    const booked = [100, 101];
    await bookInPostgres(db, show, booked);
    must((await seats.mend(show.id, booked)) as object | Refusal);
    process.kill(master.pid, 'SIGKILL');

    // Clicks meanwhile are told to try again; the first that is granted ends the outage.
    const began = performance.now();
    const answers = new Set<string>();
    for (;;) {
      const answer = await hold(clickers[9] ?? viewer.socket, show, [9]);
      answers.add(answer.ok ? 'OK' : String(answer.code));
      if (answer.ok || performance.now() - began > 75_000) break;
      await wait(100);
    }
    const outage = performance.now() - began;
    const told = answers.has('OK') ? '' : await readFile(sentinelLog(), 'utf8');
    expect([...answers].sort(), told).toEqual(['BUSY', 'OK']);
    console.log(`a failover by Sentinel: clicks were refused for ${Math.round(outage)} ms`);

    // Sentinel's word of the new master may come only now, and begins the connections to it once more.
    await until('the map is there to be read', async () => !isRefusal(await seats.snapshot(show.id)));
    expect(await held(known)).toEqual(known);
    expect(await held(lost)).toEqual([]);
    // The page that was open all the while, too: the new master's versions are another history's, of an epoch of its own.
    await until(
      'the open map says what is true',
      () =>
        lost.every((seat) => seatState(viewer.map.map, seat) === 0) &&
        known.every((seat) => seatState(viewer.map.map, seat) === 1)
    );
    // The new master never heard that these are sold. Postgres did: nobody can book them, and the reconciler mends the map.
    await running.app.reconciler.all();
    const refused = await hold(clickers[10] ?? viewer.socket, show, [booked[0] ?? 0]);
    expect(refused).toMatchObject({ ok: false, code: 'SEAT_TAKEN' });
  }, 150_000);
});
