import { expect, test } from 'vitest';
import { planClients } from '../../server/rehearsal/buyers/plan.ts';
import { createCollector } from '../../server/rehearsal/buyers/collect.ts';
import { readOptions } from './options.ts';
import { makeReport, timingOf } from './report.ts';
import { reportHtml } from './report-html.ts';
import { newHistogram, Tally } from '../../server/rehearsal/buyers/tally.ts';
import { thresholds } from './verdict.ts';

test('a histogram becomes percentiles and doubling buckets that add up', () => {
  const histogram = newHistogram();
  for (let n = 1; n <= 1000; n++) histogram.recordValue(n * 100);
  const timing = timingOf(histogram);
  expect(timing.count).toBe(1000);
  expect(timing.p50).toBeCloseTo(50, -1);
  expect(timing.p99).toBeCloseTo(99, -1);
  expect(timing.buckets.reduce((sum, [, count]) => sum + count, 0)).toBe(1000);
  const upTo64 = timing.buckets.filter(([edge]) => edge <= 64).reduce((sum, [, count]) => sum + count, 0);
  expect(Math.abs(upTo64 - 640)).toBeLessThan(15);
});

const found = { p99HoldMs: 200, errors: 0, holds: 5, audit: null };
const kept = (limits: object, is: object) =>
  thresholds({ p99HoldMs: null, maxErrors: 0, ...limits }, { ...found, ...is }).every((each) => each.kept);

test('errors, a slow p99, a broken audit and a run without holds fail', () => {
  expect(kept({}, {})).toBe(true);
  expect(kept({}, { errors: 1 })).toBe(false);
  expect(kept({ maxErrors: 1 }, { errors: 1 })).toBe(true);
  expect(kept({}, { holds: 0 })).toBe(false);
  expect(kept({ p99HoldMs: 250 }, {})).toBe(true);
  expect(kept({ p99HoldMs: 150 }, {})).toBe(false);
  expect(kept({ p99HoldMs: 150 }, { p99HoldMs: null })).toBe(false);
  expect(kept({}, { audit: { at: '', ok: false, shows: 0, acks: 0, checks: [] } })).toBe(false);
});

function report() {
  const tally = new Tally();
  tally.count('holds', 12);
  tally.click('hold', 0, 1, 20);
  tally.refused('hold', 'SEAT_TAKEN', '');
  tally.error('connect', '<script>alert(1)</script>');
  const collector = createCollector();
  collector.second(1, 0, [{ ...tally.take(), frames: [], clicks: [], seats: null }]);
  const options = readOptions(['--buyers', '10', '--duration', '2s']);
  const target = { url: 'http://127.0.0.1:1', show: 'abcdefghijkl', capacity: 100 };
  const result = { plan: planClients(options), target, totals: collector.totals, tookMs: 2000, audit: null };
  return makeReport(result, options);
}

test('the report is one page that needs no other, and escapes what it was told', () => {
  const html = reportHtml(report());
  expect(html).not.toContain('<script>alert');
  expect(html).toContain('&lt;script&gt;alert');
  expect(html).not.toMatch(/(src|href)=|@import|url\(/);
  expect(html).toContain('prefers-color-scheme:dark');
  expect(html.match(/<svg /g)?.length).toBeGreaterThanOrEqual(7);
  expect(html).toContain('failed');
  expect(html).not.toMatch(/NaN|undefined|Infinity/);
});

test('an error fails the run, and what was counted is in the figures', () => {
  const made = report();
  expect(made.ok).toBe(false);
  expect(made).toMatchObject({ refusals: { SEAT_TAKEN: 1 }, errors: { connect: 1 }, counts: { holds: 12 } });
});
