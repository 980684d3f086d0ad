import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allOperations } from '../../src/lib/domain/api/operations.ts';
import { migrate } from '../../server/db/migrate.ts';
import { createLog } from '../../server/log.ts';
import type { Running } from '../../server/serve.ts';
import { call, startApi } from './api-server.ts';
import { makeDesk, person, type Person } from './organizers.ts';
import { makeConfig } from './stack.ts';

/** A node at work while a newer one widens the tables: nothing that it reads may notice. */
let running: Running;
let admin: Person;
let ids: Record<string, string>;

beforeAll(async () => {
  running = await startApi(await makeConfig({ WORKER: 'separate' }));
  admin = await person(running, 'admin');
  const made = await makeDesk(running, admin);
  ids = { events: made.eventId, shows: made.showId, venues: made.venueId, plans: made.planId };
});
afterAll(() => running.close());

/** Every GET of the API whose address can be filled in with what there is. */
function reads(): string[] {
  return allOperations.flatMap(({ method, path }) => {
    if (method.toUpperCase() !== 'GET') return [];
    const filled = path.replaceAll(/\/([a-z-]+)\/\{\w+\}/g, (hole, kind: string) => {
      const id = ids[kind];
      return id === undefined ? hole : `/${kind}/${id}`;
    });
    return filled.includes('{') ? [] : [`GET ${filled}`];
  });
}

async function answers(): Promise<Record<string, number>> {
  const statuses: Record<string, number> = {};
  for (const what of reads()) {
    await running.app.cache.forgetAll();
    statuses[what] = (await call(running.url, what, { token: admin.token })).status;
  }
  return statuses;
}

describe('while the next version’s migration', () => {
  it('adds a column to every table, all that the API reads is read as before', async () => {
    // Twice: Postgres has all statements prepared on the connection that is used next.
    await answers();
    const before = await answers();
    expect(Object.keys(before).length).toBeGreaterThan(25);
    const { db } = running.app;
    const tables = await db.query<{ name: string }>(
      `select oid::regclass::text as name from pg_class
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition`
    );
    for (const { name } of tables.rows) await db.query(`alter table ${name} add column next_version text`);
    expect(await answers()).toEqual(before);
    expect(Object.entries(before).filter(([, status]) => status >= 500)).toEqual([]);
  }, 40_000);

  it('waits for a table that is in use, it lets everybody else pass', async () => {
    const { db, config } = running.app;
    const file = '0024_traces.sql';
    await db.query('delete from migration where name = $1', [file]);
    await db.query('alter table outbox drop column traceparent');
    const reader = new pg.Client(config.databaseUrl);
    await reader.connect();
    await reader.query('begin');
    await reader.query('select count(*) from outbox');
    let migrated = false;
    const migrating = migrate(db, createLog('silent', false)).then(() => (migrated = true));
    // In line behind it, for as long as it waits and no longer.
    await new Promise((done) => setTimeout(done, 300));
    const began = performance.now();
    await db.query('select count(*) from outbox');
    expect(performance.now() - began).toBeLessThan(5000);
    expect(migrated).toBe(false);
    await reader.query('commit');
    await reader.end();
    await migrating;
    expect(readFileSync(resolve('server/db/migrations', file), 'utf8')).toContain('add column traceparent');
    expect((await db.query('select traceparent from outbox limit 1')).fields).toHaveLength(1);
  }, 30_000);
});
