import { execFile, spawn } from 'node:child_process';
import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { endProcess, freePort, runs, sleep } from './processes.ts';

/** A private Redis on a free port of the loopback, with its data under DATA_DIR. */
export interface EmbeddedRedis {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

export interface RedisProgram {
  path: string;
  libraries?: string;
}

const run = promisify(execFile);
const PACKAGES = ['redis-server', 'redis-tools', 'liblzf1', 'libjemalloc2', 'libatomic1'];

/** A redis-server or valkey-server: on PATH, or Debian's, unpacked under DATA_DIR without root and without a service. */
export async function findRedis(dataDir: string, say: (line: string) => void): Promise<RedisProgram> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    for (const name of ['redis-server', 'valkey-server']) {
      const path = join(folder, name);
      if (folder && (await executable(path))) return { path };
    }
  }
  const home = join(dataDir, 'redis-program');
  const unpacked = await findUnpacked(home);
  if (unpacked) return unpacked;
  say('No redis-server on this machine: fetching Debian’s package (1.5 MB, nothing is installed) …');
  try {
    await fetchPackages(home);
  } catch (error) {
    throw new Error(
      'Fullhouse needs Redis: install redis-server or valkey-server (7 or later), or set REDIS_URL to one that runs.',
      { cause: error }
    );
  }
  const fetched = await findUnpacked(home);
  if (!fetched) throw new Error('Debian’s redis-server could not be unpacked; install redis-server or set REDIS_URL.');
  return fetched;
}

const executable = (path: string) =>
  access(path, constants.X_OK).then(
    () => true,
    () => false
  );

async function findUnpacked(home: string): Promise<RedisProgram | null> {
  const path = join(home, 'usr/bin/redis-server');
  if (!(await executable(path))) return null;
  const libraries = await readdir(join(home, 'usr/lib')).catch(() => []);
  return { path, libraries: libraries.map((name) => join(home, 'usr/lib', name)).join(':') };
}

async function fetchPackages(home: string) {
  await mkdir(home, { recursive: true });
  const download = () => run('apt-get', ['download', ...PACKAGES], { cwd: home });
  // The package list may be old or missing on a fresh machine; only then is it worth the wait.
  await download().catch(async () => {
    await run('apt-get', ['update']);
    await download();
  });
  for (const file of await readdir(home)) {
    if (file.endsWith('.deb')) await run('dpkg-deb', ['-x', file, '.'], { cwd: home });
  }
}

export async function startRedis(
  dataDir: string,
  say: (line: string) => void,
  options: { folder?: string; args?: readonly string[]; programDir?: string; password?: string; port?: number } = {}
): Promise<EmbeddedRedis> {
  const program = await findRedis(options.programDir ?? process.env['REDIS_PROGRAM_DIR'] ?? dataDir, say);
  const data = join(dataDir, options.folder ?? 'redis');
  await mkdir(data, { recursive: true });
  const pidFile = join(data, 'redis.pid');
  const [left = '', leftPort = ''] = (await readFile(pidFile, 'utf8').catch(() => '')).split(' ');
  // SIGTERM lets Redis write what it has before it goes. Its port is part of its process title.
  if (Number(left) > 0 && leftPort && runs(Number(left), leftPort)) await endProcess(Number(left), 'SIGTERM');

  const port = options.port ?? (await freePort());
  const settings = [
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', data, '--daemonize', 'no'],
    // The queue lives here too: nothing may be evicted, and what was written survives a kill.
    ...['--appendonly', 'yes', '--appendfsync', 'everysec', '--save', '', '--maxmemory-policy', 'noeviction'],
    ...['--notify-keyspace-events', 'Ex', '--loglevel', 'warning'],
    ...(options.args ?? [])
  ];
  // By standard input (`-`), so that no list of processes shows it.
  const password = options.password ?? randomBytes(24).toString('base64url');
  const child = spawn(program.path, ['-', ...settings], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { ...process.env, ...(program.libraries ? { LD_LIBRARY_PATH: program.libraries } : {}) }
  });
  const pid = child.pid ?? 0;
  child.stdin.on('error', () => undefined);
  child.stdin.end(`requirepass ${password}\n`);
  await writeFile(pidFile, `${pid} ${port}`);
  // For those who look at a running demo: see running.ts.
  await writeFile(join(data, 'password'), password, { mode: 0o600 });
  let failure: string | undefined;
  child.once('error', (error) => (failure = error.message));
  child.once('exit', (code) => (failure ??= `it ended with code ${String(code)}`));
  const url = `redis://:${password}@127.0.0.1:${port}`;
  const stop = () => endProcess(pid, 'SIGTERM');
  try {
    await waitUntilReady(url, () => failure);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, pid, stop };
}

async function waitUntilReady(url: string, failed: () => string | undefined) {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => 50, maxRetriesPerRequest: null });
  client.on('error', () => undefined);
  void client.connect().catch(() => undefined);
  try {
    for (let waited = 0; waited < 15_000; waited += 50) {
      const failure = failed();
      if (failure) throw new Error(`Redis did not start: ${failure}`);
      // While it loads its data it answers LOADING: a PONG means it serves.
      if (client.status === 'ready' && (await client.ping().catch(() => '')) === 'PONG') return;
      await sleep(50);
    }
    throw new Error('Redis did not answer within 15 s');
  } finally {
    client.disconnect();
  }
}
