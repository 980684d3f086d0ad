import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../log.ts';
import type { Database } from './database.ts';

const MIGRATIONS = join(import.meta.dirname, 'migrations');
// Any number will do, as long as every node uses the same: one migrates, the others wait.
const MIGRATION_LOCK = 7_305_114;

/** Brings the schema up to date, each file in its own transaction. Migrations only go forward. */
export async function migrate(db: Database, log: Logger): Promise<void> {
  const files = (await readdir(MIGRATIONS)).filter((file) => file.endsWith('.sql')).sort();
  await db.query('create table if not exists migration (name text primary key, at timestamptz not null default now())');
  for (const file of files) {
    await db.transaction(async (sql) => {
      await sql.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
      const known = await sql.query('select 1 from migration where name = $1', [file]);
      if (known.rowCount) return;
      await sql.query(await readFile(join(MIGRATIONS, file), 'utf8'));
      await sql.query('insert into migration (name) values ($1)', [file]);
      log.info({ file }, 'migrated');
    });
  }
}
