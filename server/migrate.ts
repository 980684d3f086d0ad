import { ConfigError, loadConfig } from './config.ts';
import { openDatabase } from './db/database.ts';
import { migrate } from './db/migrate.ts';
import { reachable } from './db/reachable.ts';
import { createLog } from './log.ts';

/** `npm run migrate`: brings the schema up to date and ends. A release runs it before its first node. */
try {
  const config = loadConfig();
  const log = createLog(config.logLevel, config.mode !== 'production');
  const db = openDatabase(config.databaseUrl, log);
  await reachable(db, log);
  await migrate(db, log);
  await db.close();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  for (const line of error.lines) console.error(`The schema cannot be brought up to date: ${line}`);
  process.exit(1);
}
