import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { openAuditor, readAcks } from '../../server/audit/audit.ts';
import { createLog } from '../../server/log.ts';
import { runLoad } from '../../server/rehearsal/buyers/run-load.ts';
import { readOptions } from '../load/options.ts';
import { planClients } from '../../server/rehearsal/buyers/plan.ts';
import { makeReport, writeReport } from '../load/report.ts';
import { startStack, type Stack } from '../load/stack.ts';

/** A short run of the buyer simulator on a stack of its own: the service in its process, buyers in two others. */
/** It takes about fifteen seconds; a busy machine is no fault. */
const PATIENCE_MS = 120_000;
let stack: Stack;
let out: string;

beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'fullhouse-load-'));
  const services = { postgresServer: inject('postgresServer'), redisUrl: inject('redisUrl') };
  stack = await startStack(services, { seats: 1350, pages: 'sources' });
});
afterAll(async () => {
  await stack.stop();
  await rm(out, { recursive: true });
});

test(
  'forty buyers for five seconds: no errors, bookings that are paid for, and a clean audit',
  async () => {
    const line = `--buyers 40 --duration 5s --think 700ms --accounts 8 --book 0.3 --seed forty --out ${out}`;
    const options = readOptions(line.split(' '));
    const auditor = await openAuditor(stack.config, createLog('fatal', false));
    const parts = { say: () => undefined, second: () => undefined, auditor };
    const result = await runLoad(stack.url, stack.show, options, parts).finally(() => auditor.close());
    const { totals, audit, plan } = result;

    expect({ errors: totals.errors, details: totals.details }).toEqual({ errors: {}, details: [] });
    expect(audit?.checks.filter(({ findings }) => findings.length > 0)).toEqual([]);
    expect(totals.counts['holds']).toBeGreaterThan(50);
    expect(totals.counts['confirmed']).toBeGreaterThan(0);
    // Every watcher's map, and the one of each process, is the server's at the end.
    const watchers = plan.filter(({ persona }) => persona === 'watcher').length;
    expect(totals.counts['maps that converged']).toBe(watchers + options.processes);
    expect(totals.times.get('click to everyone')?.totalCount).toBeGreaterThan(0);

    // The same seed plans the same run.
    expect(plan).toEqual(planClients(options));

    // What was acknowledged is written down, and what is lost of it is seen.
    const acks = await readAcks(out);
    expect(acks.filter(({ what }) => what === 'confirmed')).toHaveLength(totals.counts['confirmed'] ?? 0);

    const file = await writeReport(makeReport(result, options), out);
    expect(await readFile(file, 'utf8')).toContain('passed');
    expect(JSON.parse(await readFile(join(out, 'report.json'), 'utf8'))).toMatchObject({ ok: true, errors: {} });
  },
  PATIENCE_MS
);
