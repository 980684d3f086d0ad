import type { Logger } from '../log.ts';
import { openDatabase } from '../db/database.ts';
import { connected, connectRedis } from '../redis/connections.ts';
import { createKeys } from '../redis/keys.ts';
import type { Config } from '../config.ts';
import { acksLook, type AckLine } from './acks.ts';
import type { CheckName, Finding, Look, Sources } from './check.ts';
import { liveLook } from './live.ts';
import { postgresLook } from './postgres.ts';

export type { Finding } from './check.ts';
export { readAcks } from './acks.ts';
export { auditTable } from './table.ts';

/** One check and what it found, twice. */
export interface Checked extends CheckName {
  findings: readonly Finding[];
}

export interface AuditReport {
  at: string;
  ok: boolean;
  /** Shows that have a map in Redis. */
  shows: number;
  /** Lines that a load run was acknowledged and that were compared. */
  acks: number;
  checks: Checked[];
}

export interface AuditOptions {
  acks?: readonly AckLine[];
  /** A running sale is in motion: what was found must be found again after this long (ms). */
  againAfterMs?: number;
}

const AGAIN_AFTER_MS = 1000;

/**
 * Looks at everything that state can show of the invariants, over Postgres, Redis and the seat log. A finding counts
 * when it stands in two looks a moment apart. Nothing is changed and nothing is locked. Throws when a part is away.
 */
export async function audit(sources: Sources, options: AuditOptions = {}): Promise<AuditReport> {
  const looks: Look[] = [postgresLook, liveLook, ...(options.acks ? [acksLook(options.acks)] : [])];
  const first = await lookAt(sources, looks);
  const suspects = looks.filter(({ names }) => names.some(({ name }) => (first.get(name)?.length ?? 0) > 0));
  let second = new Map<string, readonly Finding[]>();
  if (suspects.length > 0) {
    await new Promise((resolve) => setTimeout(resolve, options.againAfterMs ?? AGAIN_AFTER_MS));
    second = await lookAt(sources, suspects);
  }
  const checks = looks.flatMap(({ names }) =>
    names.map((name) => {
      const before = new Set((first.get(name.name) ?? []).map(({ key }) => key));
      return { ...name, findings: (second.get(name.name) ?? []).filter(({ key }) => before.has(key)) };
    })
  );
  const order = (invariant: string) => (invariant.startsWith('I') ? 0 : 100) + Number(invariant.slice(1));
  checks.sort((a, b) => order(a.invariant) - order(b.invariant));
  return {
    at: new Date().toISOString(),
    ok: checks.every(({ findings }) => findings.length === 0),
    shows: await liveLook.shows(sources),
    acks: options.acks?.length ?? 0,
    checks
  };
}

async function lookAt(sources: Sources, looks: readonly Look[]): Promise<Map<string, readonly Finding[]>> {
  const found = new Map<string, readonly Finding[]>();
  for (const { look } of looks) for (const [name, findings] of await look(sources)) found.set(name, findings);
  return found;
}

export interface Auditor {
  audit(options?: AuditOptions): Promise<AuditReport>;
  /** How much of what follows a commit (seats in Redis, mails, refunds) is due and not done yet. */
  workLeft(): Promise<number>;
  close(): Promise<void>;
}

/** A query over all bookings may take longer than a page is given. */
const PATIENCE_MS = 120_000;

/** With connections of its own, for those who run beside the service and not inside it. */
export async function openAuditor(
  config: Pick<Config, 'databaseUrl' | 'redisUrl' | 'redisPrefix'> & Partial<Pick<Config, 'redisSentinels'>>,
  log: Logger
): Promise<Auditor> {
  const db = openDatabase(config.databaseUrl, log, { max: 2, statement_timeout: PATIENCE_MS });
  const redis = connectRedis(config, log);
  const close = async () => {
    await redis.close();
    await db.close();
  };
  try {
    await connected(redis.commands, 5000);
    await db.query('select 1');
  } catch (error) {
    await close();
    throw error;
  }
  const sources = { sql: db, redis: redis.commands, keys: createKeys(config.redisPrefix) };
  return {
    audit: (options) => audit(sources, options),
    async workLeft() {
      const open = await db.query<{ count: number }>(
        'select count(*) from outbox where done_at is null and due_at <= now()'
      );
      return open.rows[0]?.count ?? 0;
    },
    close
  };
}
