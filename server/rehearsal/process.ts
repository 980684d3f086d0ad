import { loadConfig } from '../config.ts';
import { answerParent } from '../child.ts';
import { openDatabase } from '../db/database.ts';
import { migrate } from '../db/migrate.ts';
import { createLog } from '../log.ts';
import { startServer, type Running } from '../serve.ts';
import { copyShow } from './copy.ts';
import { openMailSink } from './mail-sink.ts';

/**
 * The whole service in a process of its own, on the copy of one show: its environment names a schema and a prefix that
 * are thrown away, and no gateway but the sandbox. It ends when the worker does.
 */
const sink = await openMailSink();
const config = { ...loadConfig(), smtpUrl: sink.url, stripe: null };
let running: Running | undefined;

const api = {
  async open({ show, source }: { show: string; source: string }): Promise<string> {
    const log = createLog('error', false);
    const db = openDatabase(config.databaseUrl, log, { max: 2 });
    try {
      await migrate(db, log);
      await db.transaction((sql) => copyShow(sql, source, show));
    } finally {
      await db.close();
    }
    running = await startServer(config);
    return running.url;
  }
};
export type RehearsalApi = typeof api;

answerParent(api, async () => {
  await running?.close();
  sink.close();
});
