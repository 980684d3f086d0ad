import type { Database } from '../db/database.ts';
import type { Metrics } from '../metrics.ts';
import type { RedisClient } from '../redis/connections.ts';
import type { Keys } from '../redis/keys.ts';
import { pipelined } from '../redis/pipelined.ts';

/** What is not counted but is there to be read, when Prometheus asks. Every process answers the same but for its pool. */
export function measure(parts: {
  db: Database;
  redis: RedisClient;
  keys: Keys;
  metrics: Pick<Metrics, 'measured'>;
}): void {
  const { db, redis, keys, metrics } = parts;
  const one = async (sql: string) => (await db.query<{ figure: number }>(sql)).rows[0]?.figure ?? 0;

  metrics.measured('fullhouse_outbox_pending', 'Work of the outbox that is due and not done.', () =>
    one('select count(*) as figure from outbox where done_at is null and due_at <= now()')
  );
  metrics.measured('fullhouse_outbox_oldest_age_seconds', 'How long the oldest of it has waited.', () =>
    one(
      `select coalesce(extract(epoch from now() - min(due_at)), 0)::float8 as figure
         from outbox where done_at is null and due_at <= now()`
    )
  );
  metrics.measured('fullhouse_refund_due', 'Refunds that no gateway has made yet.', () =>
    one(`select count(*) as figure from refund where status = 'PENDING'`)
  );
  metrics.measured('fullhouse_pg_pool_waiting', 'Queries of this process that wait for a connection.', () => {
    return db.pool.waitingCount;
  });
  metrics.measured(
    'fullhouse_seat_sweep_backlog',
    'Holds whose deadline has passed and that still stand.',
    async () => {
      const [shows, [seconds, micros]] = await Promise.all([redis.smembers(keys.shows), redis.time()]);
      const now = Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
      const overdue = await pipelined(redis, shows, (pipeline, show) => {
        pipeline.zcount(keys.show(show).due, '-inf', now);
      });
      return overdue.reduce((sum: number, count) => sum + Number(count), 0);
    }
  );
}
