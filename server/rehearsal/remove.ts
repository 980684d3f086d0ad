import { Redis } from 'ioredis';
import type { Config } from '../config.ts';
import type { Database } from '../db/database.ts';
import type { Logger } from '../log.ts';
import { mastersOf, type RedisClient } from '../redis/connections.ts';
import { isRehearsalSchema, schemaOf } from './copy.ts';

/** Everything a rehearsal has made goes: its schema with the bookings and users, and its keys in both Redis. */
const KEYS_PER_SCAN = 1000;

export const prefixOf = (config: Pick<Config, 'redisPrefix'>, rehearsal: string) =>
  `${config.redisPrefix}rehearsal-${rehearsal}-`;

export async function removeCopy(
  { db, redis, config }: { db: Database; redis: RedisClient; config: Config },
  rehearsal: string
): Promise<void> {
  const queue = new Redis(config.queueRedisUrl, { maxRetriesPerRequest: 2 });
  try {
    for (const master of [...mastersOf(redis), queue]) await removeKeys(master, prefixOf(config, rehearsal));
  } finally {
    queue.disconnect();
  }
  await db.query(`drop schema if exists ${schemaOf(rehearsal)} cascade`);
}

async function removeKeys(redis: Redis, prefix: string): Promise<void> {
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', KEYS_PER_SCAN);
    cursor = next;
    // One by one: in a Cluster each lies in another slot.
    await Promise.all(keys.map((key) => redis.unlink(key)));
  } while (cursor !== '0');
}

/** What nobody works on any more: the worker was killed in the middle. */
export async function removeOrphans(
  parts: { db: Database; redis: RedisClient; config: Config; log: Logger },
  inUse: readonly string[]
): Promise<void> {
  const { rows } = await parts.db.query<{ name: string }>(
    `select nspname as name from pg_namespace where nspname like 'rehearsal\\_%'`
  );
  for (const { name } of rows.filter((row) => isRehearsalSchema(row.name))) {
    const rehearsal = name.slice('rehearsal_'.length);
    if (inUse.includes(rehearsal)) continue;
    // Another installation in this database has schemas of its own; ours are known by their rows.
    const known = await parts.db.query('select 1 from rehearsal where id = $1', [rehearsal]);
    if (known.rowCount === 0) continue;
    await removeCopy(parts, rehearsal);
    parts.log.info({ rehearsal }, 'removed what a rehearsal had left behind');
  }
}
