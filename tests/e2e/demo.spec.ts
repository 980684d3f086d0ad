import { expect, test } from '@playwright/test';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { RUN } from '../../server/child.ts';
import { isAlive } from '../../server/embedded/processes.ts';

/** The demo as a process of its own: started, killed without a word, started again, stopped. */
const ROOT = resolve(import.meta.dirname, '../..');

interface Demo {
  child: ChildProcess;
  url: string;
}

function start(dataDir: string, env: Record<string, string> = {}): Promise<Demo> {
  const child = spawn(process.execPath, [RUN, 'server/demo.ts'], {
    cwd: ROOT,
    env: { ...process.env, DATA_DIR: dataDir, REDIS_PROGRAM_DIR: join(ROOT, '.data'), ...env },
    stdio: ['ignore', 'pipe', 'pipe']
  });
  let output = '';
  return new Promise((opened, failed) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const url = /Fullhouse is open[^\n]*?(http:\/\/\S+)/.exec(output)?.[1];
      if (url) opened({ child, url });
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) => failed(new Error(`ended with ${String(code)}: ${output}`)));
  });
}

const ended = (child: ChildProcess) => new Promise<number | null>((done) => child.once('exit', (code) => done(code)));

async function childrenOf(dataDir: string): Promise<number[]> {
  const [postgres, redis] = await Promise.all([
    readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8'),
    readFile(join(dataDir, 'redis/redis.pid'), 'utf8')
  ]);
  return [Number(postgres.split('\n')[0]), Number(redis.split(' ')[0])];
}

async function call<T>(url: string, path: string, options: { method?: string; token?: string; body?: object } = {}) {
  const response = await fetch(`${url}/api/v1${path}`, {
    method: options.method ?? 'GET',
    headers: {
      ...(options.token ? { authorization: `Bearer ${options.token}` } : {}),
      ...(options.body ? { 'content-type': 'application/json', 'idempotency-key': randomUUID() } : {})
    },
    ...(options.body ? { body: JSON.stringify(options.body) } : {})
  });
  expect(response.ok, `${path}: ${response.status}`).toBe(true);
  return (await response.json()) as T;
}

test('keeps every booking through kill -9 of everything, and leaves nothing running when it is stopped', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'fullhouse-demo-'));
  let demo = await start(dataDir);
  const credentials = { email: 'customer@sample.com', password: '1234' };
  const { token } = await call<{ token: string }>(demo.url, '/auth/login', { method: 'POST', body: credentials });
  const event = await call<{ shows: { id: string }[] }>(demo.url, '/events/open-stage');
  const show = event.shows[0]?.id ?? '';
  const seats = [20, 21];
  const { hold } = await call<{ hold: { id: string } }>(demo.url, `/shows/${show}/holds`, {
    ...{ method: 'POST', token, body: { seats } }
  });
  const made = await call<{ booking: { id: string }; payment: { id: string } }>(demo.url, '/bookings', {
    ...{ method: 'POST', token, body: { holdId: hold.id } }
  });
  await call(demo.url, `/payments/${made.payment.id}/sandbox`, { method: 'POST', token, body: { outcome: 'success' } });
  type View = { booking: { status: string }; tickets: unknown[] };
  const view = () => call<View>(demo.url, `/bookings/${made.booking.id}`, { token });
  await expect.poll(async () => (await view()).booking.status).toBe('CONFIRMED');

  const second = await start(dataDir).catch((error: Error) => error);
  expect(String(second)).toContain('already');

  const before = await childrenOf(dataDir);
  const gone = ended(demo.child);
  demo.child.kill('SIGKILL');
  await gone;
  for (const pid of before) process.kill(pid, 'SIGKILL');
  demo = await start(dataDir);
  expect(await view()).toMatchObject({ booking: { status: 'CONFIRMED' }, tickets: [{}, {}] });
  const again = await fetch(`${demo.url}/api/v1/shows/${show}/holds`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ seats })
  });
  expect([again.status, ((await again.json()) as { code: string }).code]).toEqual([409, 'SEAT_TAKEN']);

  const pids = await childrenOf(dataDir);
  const stopped = ended(demo.child);
  demo.child.kill('SIGINT');
  expect(await stopped).toBe(0);
  expect(pids.filter(isAlive)).toEqual([]);
  await rm(dataDir, { recursive: true, force: true });
});

test('says in one line what is wrong with a setting', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'fullhouse-demo-'));
  const failure = await start(dataDir, { HOLD_TTL_MS: 'soon' }).catch((error: Error) => error.message);
  expect(failure).toContain('✗ HOLD_TTL_MS must be a whole number');
  await rm(dataDir, { recursive: true, force: true });
});
