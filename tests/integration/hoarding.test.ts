import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { generatePlan } from '../../src/lib/domain/generate-plan.ts';
import { openDatabase, type Database } from '../../server/db/database.ts';
import { createLog } from '../../server/log.ts';
import { runLoad } from '../../server/rehearsal/buyers/run-load.ts';
import { readOptions } from '../load/options.ts';
import { startStack, type Stack } from '../load/stack.ts';
import { makeShow } from './shows.ts';

/** S20: one buyer in five is a bot with as many names as it likes, on one network. */
const SEATS = 120;
const PATIENCE_MS = 120_000;
let stack: Stack;
let db: Database;
let out: string;

beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'fullhouse-hoarding-'));
  const services = { postgresServer: inject('postgresServer'), redisUrl: inject('redisUrl') };
  stack = await startStack(services, { seats: SEATS, pages: 'sources' });
  db = openDatabase(stack.config.databaseUrl, createLog('error', false));
});
afterAll(async () => {
  await db.close();
  await stack.stop();
  await rm(out, { recursive: true });
});

async function sell(seatsPerNetwork: number | null) {
  const show = await makeShow(db, generatePlan(SEATS), { cap: 8 });
  await db.query('update show set seats_per_network = $2 where id = $1', [show.id, seatsPerNetwork]);
  const line = `--buyers 20 --duration 4s --think 500ms --accounts 26 --book 1 --processes 1 --mix best=16,bot=4 --out ${out}`;
  const parts = { say: () => undefined, second: () => undefined, auditor: null };
  const { totals } = await runLoad(stack.url, show.id, readOptions(line.split(' ')), parts);
  expect({ errors: totals.errors, details: totals.details }).toEqual({ errors: {}, details: [] });
  const [all, bots] = [totals.counts['seats booked'] ?? 0, totals.counts['seats booked by bots'] ?? 0];
  return { all, bots, people: all - bots, refusals: totals.refusals };
}

test(
  'with a cap for each network, people get seats in proportion to their number, whatever the bots call themselves',
  async () => {
    const fair = await sell(SEATS / 5);
    expect(fair.people / fair.all).toBeGreaterThanOrEqual(0.75);
    expect(fair.people).toBeGreaterThan(SEATS / 2);
    expect(fair.bots).toBeLessThanOrEqual(SEATS / 5);
    expect(fair.refusals['CAP_REACHED']).toBeGreaterThan(0);

    // Without it the bots get far more than the fifth that they are.
    const unfair = await sell(null);
    expect(unfair.bots / unfair.all).toBeGreaterThan(0.35);
  },
  PATIENCE_MS
);
