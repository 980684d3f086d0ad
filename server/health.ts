import type { Database } from './db/database.ts';
import type { Seats } from './seats/seats.ts';

/** Whether this node can serve: a real query and a real script run, each within a second. */
export type Health = () => Promise<{ ok: boolean; checks: { postgres: boolean; redis: boolean } }>;

const PATIENCE_MS = 1000;

export function createHealth({ db, seats }: { db: Database; seats: Seats }): Health {
  const within = (work: Promise<boolean>) =>
    Promise.race([
      work.catch(() => false),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(false), PATIENCE_MS).unref())
    ]);
  return async () => {
    const [postgres, redis] = await Promise.all([within(db.query('select 1').then(() => true)), within(seats.ping())]);
    return { ok: postgres && redis, checks: { postgres, redis } };
  };
}
