import type { Logger } from '../log.ts';
import { isUnavailable, type Database } from './database.ts';

const PATIENCE_MS = 30_000;
const PAUSE_MS = 500;

/**
 * Waits until Postgres answers. A process and its database are often started together, and a busy machine makes the
 * first connection late: neither is a reason to give up. Throws the last error after half a minute.
 */
export async function reachable(db: Database, log: Logger): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  for (let attempt = 1; ; attempt++) {
    try {
      await db.query('select 1');
      return;
    } catch (error) {
      if (!isUnavailable(error) || Date.now() > end) throw error;
      if (attempt === 1) log.warn({ err: error }, 'Postgres does not answer yet; waiting for it');
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
