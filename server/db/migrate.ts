import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '../log.ts';
import type { Database } from './database.ts';

const MIGRATIONS = join(import.meta.dirname, 'migrations');
// Any number will do, as long as every node uses the same: one migrates, the others wait.
const MIGRATION_LOCK = 7_305_114;

/**
 * An ALTER TABLE waits for whoever reads the table, and everybody else then waits behind it. So it gives up soon, lets
 * them pass, and tries again (ms).
 */
const WAITS_FOR_TABLE_MS = 2000;
const TRIES = 30;
const PAUSE_MS = 500;

/**
 * Brings the schema up to date, each file in its own transaction. Migrations only go forward. Where there is nothing to do
 * it needs no right but to read: the service may run as a user who cannot change the schema (.deploy/app-role.sql).
 */
export async function migrate(db: Database, log: Logger): Promise<void> {
  const files = (await readdir(MIGRATIONS)).filter((file) => file.endsWith('.sql')).sort();
  const done = await doneIn(db);
  if (files.every((file) => done.has(file))) return;
  await db.query('create table if not exists migration (name text primary key, at timestamptz not null default now())');
  for (const file of files) await patiently(() => migrateOne(db, file, log));
}

const migrateOne = (db: Database, file: string, log: Logger) =>
  db.transaction(async (sql) => {
    await sql.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    const known = await sql.query('select 1 from migration where name = $1', [file]);
    if (known.rowCount) return;
    await sql.query(`set local lock_timeout = ${WAITS_FOR_TABLE_MS}; set local statement_timeout = 0`);
    await sql.query(await readFile(join(MIGRATIONS, file), 'utf8'));
    await sql.query('insert into migration (name) values ($1)', [file]);
    log.info({ file }, 'migrated');
  });

async function patiently(work: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      const waitedTooLong = error instanceof Error && 'code' in error && error.code === '55P03';
      if (!waitedTooLong || tries === TRIES) throw error;
      await pause(PAUSE_MS);
    }
  }
}

async function doneIn(db: Database): Promise<Set<string>> {
  const { rows } = await db.query<{ there: boolean }>(`select to_regclass('migration') is not null as there`);
  if (!rows[0]?.there) return new Set();
  const found = await db.query<{ name: string }>('select name from migration');
  return new Set(found.rows.map(({ name }) => name));
}
