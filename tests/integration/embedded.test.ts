import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RUN } from '../../server/child.ts';
import { startEmbedded, type Embedded } from '../../server/embedded/embedded.ts';
import { isAlive } from '../../server/embedded/processes.ts';

let home: string;
const silent = () => undefined;
const open = (dataDir: string, given = {}) => startEmbedded(dataDir, given, silent);

beforeAll(async () => {
  process.env['REDIS_PROGRAM_DIR'] = resolve('.data');
  home = await mkdtemp(join(tmpdir(), 'fullhouse-embedded-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

async function ask<T>(databaseUrl: string, sql: string): Promise<T[]> {
  const client = new pg.Client(databaseUrl);
  // It may be ended under our hands: that is what is tried here.
  client.on('error', silent);
  await client.connect();
  try {
    return (await client.query(sql)).rows as T[];
  } finally {
    await client.end().catch(silent);
  }
}

const processIds = async (dataDir: string) =>
  Promise.all(
    ['postgres/postmaster.pid', 'redis/redis.pid'].map(async (file) =>
      parseInt(await readFile(join(dataDir, file), 'utf8'), 10)
    )
  );

/** Starts everything in a process of its own, which can then be killed without a chance to tidy up. */
async function startElsewhere(dataDir: string): Promise<{ child: ChildProcess; urls: Embedded }> {
  const script = `
    import { startEmbedded } from ${JSON.stringify(resolve('server/embedded/embedded.ts'))};
    const { databaseUrl, redisUrl } = await startEmbedded(${JSON.stringify(dataDir)}, {}, () => undefined);
    console.log(JSON.stringify({ databaseUrl, redisUrl }));
    setInterval(() => undefined, 1000);`;
  const file = join(home, 'elsewhere.mts');
  await writeFile(file, script);
  const child = spawn(process.execPath, [RUN, file], {
    cwd: resolve('.'),
    stdio: ['ignore', 'pipe', 'inherit']
  });
  const urls = await new Promise<Embedded>((found, failed) => {
    child.stdout.once('data', (line: Buffer) => found(JSON.parse(line.toString()) as Embedded));
    child.once('exit', (code) => failed(new Error(`it ended with code ${String(code)}`)));
  });
  return { child, urls };
}

describe('the embedded services', () => {
  it('start on nothing, leave no process behind when they are stopped, and keep their data and secret', async () => {
    const dataDir = join(home, 'plain');
    const embedded = await open(dataDir);
    const ids = await processIds(dataDir);
    expect(ids.map(isAlive)).toEqual([true, true]);
    expect(await ask(embedded.databaseUrl, 'show fsync')).toEqual([{ fsync: 'on' }]);
    expect(embedded.secret).toMatch(/^demo-[\w-]{48}$/);
    expect((await stat(join(dataDir, 'secret'))).mode & 0o777).toBe(0o600);

    await ask(embedded.databaseUrl, `create table seen as select 'before' as what`);
    await embedded.stop();
    expect(ids.map(isAlive)).toEqual([false, false]);

    const again = await open(dataDir);
    expect(await ask(again.databaseUrl, 'select what from seen')).toEqual([{ what: 'before' }]);
    expect(again.secret).toBe(embedded.secret);
    await again.stop();
  });

  it('start again after kill -9 of everything, with all that was committed', async () => {
    const dataDir = join(home, 'killed');
    const { child, urls } = await startElsewhere(dataDir);
    await ask(urls.databaseUrl, `create table seen as select 'before the kill' as what`);
    const redis = new Redis(urls.redisUrl);
    redis.on('error', silent);
    await redis.set('job', 'waits');
    // The queue's file is written every second (appendfsync everysec) but handed to the system at once.
    const ids = await processIds(dataDir);
    for (const id of [child.pid ?? 0, ...ids]) process.kill(id, 'SIGKILL');
    redis.disconnect();

    const again = await open(dataDir);
    expect(await ask(again.databaseUrl, 'select what from seen')).toEqual([{ what: 'before the kill' }]);
    const after = new Redis(again.redisUrl);
    expect(await after.get('job')).toBe('waits');
    after.disconnect();
    await again.stop();
  });

  it('start again when only Node was killed and Postgres and Redis still run', async () => {
    const dataDir = join(home, 'orphans');
    const { child, urls } = await startElsewhere(dataDir);
    await ask(urls.databaseUrl, `create table seen as select 'before the kill' as what`);
    const orphans = await processIds(dataDir);
    process.kill(child.pid ?? 0, 'SIGKILL');

    const again = await open(dataDir);
    expect(orphans.map(isAlive)).toEqual([false, false]);
    expect(await ask(again.databaseUrl, 'select what from seen')).toEqual([{ what: 'before the kill' }]);
    await again.stop();
  });

  it('stop at once when Postgres died before', async () => {
    const embedded = await open(join(home, 'died'));
    const [postmaster = 0] = await processIds(join(home, 'died'));
    process.kill(postmaster, 'SIGKILL');
    const started = Date.now();
    await embedded.stop();
    expect(Date.now() - started).toBeLessThan(3000);
  });

  it('refuse a second start on the same folder in one clear line, and the first goes on', async () => {
    const dataDir = join(home, 'twice');
    const first = await open(dataDir);
    await expect(open(dataDir)).rejects.toThrow(
      `Fullhouse runs on ${dataDir} already (process ${process.pid}). Stop it, or set DATA_DIR to another folder.`
    );
    expect(await ask(first.databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    await first.stop();
  });

  it('take a folder over whose owner is gone, though its process id was given to another', async () => {
    const dataDir = join(home, 'reused');
    await mkdir(dataDir, { recursive: true });
    await writeFile(join(dataDir, 'fullhouse.pid'), `${process.pid} 1`);
    const embedded = await open(dataDir, { redisUrl: 'redis://given', databaseUrl: 'postgres://given' });
    await embedded.stop();
  });

  it('let nobody into Redis without its password', async () => {
    const embedded = await open(join(home, 'private'), { databaseUrl: 'postgres://given' });
    const { port } = new URL(embedded.redisUrl);
    const stranger = new Redis(`redis://127.0.0.1:${port}`, { retryStrategy: null });
    stranger.on('error', silent);
    await expect(stranger.set('a', 'b')).rejects.toThrow(/NOAUTH/);
    stranger.disconnect();
    await embedded.stop();
  });

  it('use what is given instead of starting their own', async () => {
    const given = { databaseUrl: 'postgres://a', redisUrl: 'redis://b', smtpUrl: 'smtp://c', secret: 'd' };
    const embedded = await open(join(home, 'given'), given);
    expect(embedded).toMatchObject({ ...given, inbox: null });
    await embedded.stop();
  });

  it('stop what had started when another part cannot start', async () => {
    const dataDir = join(home, 'half');
    await mkdir(dataDir, { recursive: true });
    // A file where Redis wants its folder.
    await writeFile(join(dataDir, 'redis'), '');
    await expect(open(dataDir)).rejects.toThrow();
    await expect(readFile(join(dataDir, 'postgres/postmaster.pid'))).rejects.toThrow('ENOENT');
    await expect(readFile(join(dataDir, 'fullhouse.pid'))).rejects.toThrow('ENOENT');
  });

  it('run under a folder that only its owner may look into, and leave it so', async () => {
    const guarded = join(home, 'guarded');
    await mkdir(guarded, { mode: 0o700 });
    await chmod(guarded, 0o700);
    const embedded = await open(join(guarded, 'data'), { redisUrl: 'redis://given' });
    expect((await stat(guarded)).mode & 0o066).toBe(0);
    await embedded.stop();
  });
});

describe('Redis without a program on PATH and without apt-get', () => {
  it('says in one line what to install', async () => {
    const before = { path: process.env['PATH'], programs: process.env['REDIS_PROGRAM_DIR'] };
    process.env['PATH'] = join(home, 'no programs here');
    delete process.env['REDIS_PROGRAM_DIR'];
    try {
      await expect(open(join(home, 'bare'), { databaseUrl: 'postgres://given' })).rejects.toThrow(
        /^Fullhouse needs Redis: install redis-server or valkey-server \(7 or later\), or set REDIS_URL/
      );
    } finally {
      process.env['PATH'] = before.path;
      process.env['REDIS_PROGRAM_DIR'] = before.programs;
    }
  });
});

describe('the demo', () => {
  it('says in one line that the port it was told to use is taken, and leaves nothing behind', async () => {
    const dataDir = join(home, 'port');
    const other = createServer();
    await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening));
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const demo = spawn(process.execPath, [RUN, 'server/demo.ts'], {
      env: { ...process.env, DATA_DIR: dataDir, PORT: String(port), HOST: '127.0.0.1' },
      stdio: ['ignore', 'pipe', 'pipe']
    });
    let output = '';
    demo.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const code = await new Promise((ended) => demo.once('close', ended));
    other.close();
    expect(output).toBe(`✗ Port ${port} is taken: set PORT to another one, or leave PORT out.\n`);
    expect(code).toBe(1);
    await expect(readFile(join(dataDir, 'postgres/postmaster.pid'))).rejects.toThrow('ENOENT');
  });
});
