import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { openDatabase, type Database } from '../../server/db/database.ts';
import { createLog } from '../../server/log.ts';
import { runLoad } from '../../server/rehearsal/buyers/run-load.ts';
import { readOptions } from '../load/options.ts';
import { startStack, type Stack } from '../load/stack.ts';
import { makeShow, plainPlan } from './shows.ts';

/** S20: one buyer in five is a bot with as many names as it likes, on one network. */
const SEATS = 60;
const PEOPLE = 16;
const BOTS = 4;
/** What the bots' one network may have: their part of the house. */
const CAP = Math.floor((SEATS * BOTS) / (PEOPLE + BOTS));
const PATIENCE_MS = 120_000;
let stack: Stack;
let db: Database;
let out: string;

beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'fullhouse-hoarding-'));
  const services = { postgresServer: inject('postgresServer'), redisUrl: inject('redisUrl') };
  stack = await startStack(services, { seats: 120, pages: 'sources' });
  db = openDatabase(stack.config.databaseUrl, createLog('error', false));
});
afterAll(async () => {
  await db.close();
  await stack.stop();
  await rm(out, { recursive: true });
});

async function sell(seatsPerNetwork: number | null) {
  const show = await makeShow(db, plainPlan(SEATS, 20), { cap: 8 });
  await db.query('update show set seats_per_network = $2 where id = $1', [show.id, seatsPerNetwork]);
  const line = `--buyers ${PEOPLE + BOTS} --duration 4s --think 800ms --accounts 44 --book 1 --processes 1 --mix best=${PEOPLE},bot=${BOTS} --out ${out}`;
  const parts = { say: () => undefined, second: () => undefined, auditor: null };
  const { totals } = await runLoad(stack.url, show.id, readOptions(line.split(' ')), parts);
  expect({ errors: totals.errors, details: totals.details }).toEqual({ errors: {}, details: [] });
  const [all, bots] = [totals.counts['seats booked'] ?? 0, totals.counts['seats booked by bots'] ?? 0];
  return { all, bots, people: all - bots, refusals: totals.refusals };
}

test(
  'with a cap for each network, people get seats in proportion to their number, whatever the bots call themselves',
  async () => {
    const fair = await sell(CAP);
    expect(fair.bots).toBeLessThanOrEqual(CAP);
    // Four in five are people; the rest is chance, and what is not sold yet when the run ends.
    expect(fair.people / fair.all).toBeGreaterThanOrEqual(0.65);
    expect(fair.all).toBeGreaterThan(SEATS / 4);
    expect(fair.refusals['CAP_REACHED']).toBeGreaterThan(0);

    // Without it the bots get far more than the fifth that they are.
    const unfair = await sell(null);
    expect(unfair.bots).toBeGreaterThan(CAP * 1.3);
    expect(unfair.bots / unfair.all).toBeGreaterThan(fair.bots / fair.all);
  },
  PATIENCE_MS
);
