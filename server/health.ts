import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Database } from './db/database.ts';
import type { Seats } from './seats/seats.ts';

/**
 * Whether this node can serve: a real query and a real script run, each within a second. Without Postgres it serves less,
 * but it serves (`degraded`): maps and holds go on, and a proxy that took out all nodes for it would end them.
 */
export type Health = () => Promise<{
  ok: boolean;
  degraded: boolean;
  checks: { postgres: boolean; redis: boolean };
}>;

const PATIENCE_MS = 1000;

export function createHealth({ db, seats }: { db: Database; seats: Seats }): Health {
  const within = (work: Promise<boolean>) =>
    Promise.race([
      work.catch(() => false),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(false), PATIENCE_MS).unref())
    ]);
  /** A node that never was there is set up wrongly, or it is too early: it must not take the place of one that works. */
  let reached = false;
  return async () => {
    const [postgres, redis] = await Promise.all([within(db.query('select 1').then(() => true)), within(seats.ping())]);
    reached ||= postgres;
    return { ok: redis && reached, degraded: !postgres, checks: { postgres, redis } };
  };
}

/** /livez: the event loop answers. /readyz: this node can serve, and is not going down. */
export function answersHealth(
  health: Health,
  request: IncomingMessage,
  response: ServerResponse,
  draining: boolean
): boolean {
  const path = request.url?.split('?')[0];
  const answer = (status: number, body: object) => {
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify(body));
  };
  if (path === '/livez') answer(200, { ok: true });
  else if (path !== '/readyz') return false;
  else if (draining) answer(503, { ok: false, draining: true });
  else
    health().then(
      (found) => answer(found.ok ? 200 : 503, found),
      () => answer(503, { ok: false })
    );
  return true;
}
