import pg from 'pg';
import type { Logger } from '../log.ts';

// Counts and money stay below 2^53; a bigint as a string would only spread Number() over the code.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

export type Sql = Pick<pg.PoolClient, 'query'>;

export interface Database extends Sql {
  readonly pool: pg.Pool;
  /**
   * Runs `work` in one transaction: commits what it returns, rolls back when it throws.
   * To roll back and still answer with a value, throw `new Rollback(value)`. `around` runs the commit, and can do
   * something before and after it.
   */
  transaction<T>(
    work: (sql: Sql) => Promise<T>,
    isolation?: 'read committed' | 'repeatable read',
    around?: (commit: () => Promise<unknown>) => Promise<unknown>
  ): Promise<T>;
  close(): Promise<void>;
}

/** Enough for every statement of ours; whoever composes statements without end gets no more of them prepared. */
const PREPARED_AT_MOST = 500;
const prepared = new Map<string, string>();

/** A name for the statement, the same on every connection: Postgres parses and plans it once there. */
function nameOf(text: string): string | undefined {
  const known = prepared.get(text);
  if (known !== undefined || prepared.size >= PREPARED_AT_MOST) return known;
  const name = `fullhouse_${prepared.size}`;
  prepared.set(text, name);
  return name;
}

/**
 * Prepares every statement that has parameters: without it a third of a checkout's time goes into planning the same
 * fifteen statements again.
 */
function preparing(client: Sql): Sql {
  const query = client.query.bind(client) as (...args: unknown[]) => unknown;
  const named = (first: unknown, values: unknown, ...rest: unknown[]) => {
    if (typeof first !== 'string' || !Array.isArray(values)) return query(first, values, ...rest);
    return query({ name: nameOf(first), text: first, values: values as unknown[] }, ...rest);
  };
  return { query: named as Sql['query'] };
}

/** Ends a transaction without keeping anything; `transaction` returns `value`. */
export class Rollback<T> extends Error {
  readonly value: T;
  constructor(value: T) {
    super('rolled back on purpose');
    this.value = value;
  }
}

export function openDatabase(url: string, log: Logger, options: pg.PoolConfig = {}): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: 20,
    connectionTimeoutMillis: 3000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 15_000,
    idle_in_transaction_session_timeout: 30_000,
    ...options
  });
  // An idle connection that breaks (restart, failover) is replaced by the pool at the next query.
  pool.on('error', (error) => log.warn({ err: error }, 'lost an idle Postgres connection'));

  return {
    pool,
    ...preparing(pool),
    async transaction(work, isolation = 'read committed', around = (commit) => commit()) {
      const client = await pool.connect();
      let broken: Error | undefined;
      // A connection that breaks while we hold it raises an error event, and one nobody hears ends the process.
      const lost = (error: Error) => (broken = error);
      client.on('error', lost);
      try {
        await client.query(`begin isolation level ${isolation}`);
        const result = await work(preparing(client));
        await around(() => client.query('commit'));
        return result;
      } catch (error) {
        await client.query('rollback').catch((failure: Error) => (broken = failure));
        if (error instanceof Rollback) return error.value;
        throw error;
      } finally {
        client.off('error', lost);
        client.release(broken);
      }
    },
    close: () => pool.end()
  };
}

/** True when Postgres cannot be reached or is going down, as opposed to refusing what was asked. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return (
    /^(08|57P|53)/.test(code) ||
    ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EPIPE', 'ETIMEDOUT', 'ENOENT'].includes(code) ||
    /timeout exceeded|Connection terminated|Client has encountered a connection error|Cannot use a pool/i.test(
      error.message
    )
  );
}

/** The name of the constraint a statement ran into, if that is why it failed. */
export function violatedConstraint(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError && error.code?.startsWith('23') ? error.constraint : undefined;
}
