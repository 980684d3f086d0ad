import { cpus, totalmem } from 'node:os';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Histogram } from 'hdr-histogram-js';
import { percentileMs } from '../../server/rehearsal/buyers/percentile.ts';
import type { LoadResult } from '../../server/rehearsal/buyers/run-load.ts';
import type { LoadOptions } from './options.ts';
import { reportHtml } from './report-html.ts';
import { thresholds, type Threshold } from './verdict.ts';

/** What report.json holds, and report.html shows. Times are ms. */
export interface Report {
  at: string;
  machine: string;
  options: Omit<LoadOptions, 'help' | 'hosts'>;
  target: LoadResult['target'];
  personas: Record<string, number>;
  tookMs: number;
  counts: Record<string, number>;
  refusals: Record<string, number>;
  errors: Record<string, number>;
  errorDetails: readonly string[];
  /** Seconds of the steady part (from the end of the ramp to the last click), and what went through in each on average. */
  steady: { seconds: number; holdsPerSecond: number; bookingsPerSecond: number; connected: number };
  times: Record<string, Timing>;
  seconds: LoadResult['totals']['seconds'];
  audit: LoadResult['audit'];
  thresholds: Threshold[];
  ok: boolean;
}

export interface Timing {
  count: number;
  p50: number | null;
  p90: number | null;
  p99: number | null;
  p999: number | null;
  max: number | null;
  /** Doubling steps: up to so many ms, so many. */
  buckets: [ms: number, count: number][];
}

/** How many values are at most `us`: percentiles rise with their rank, so the rank is searched for. */
function countUpTo(histogram: Histogram, us: number): number {
  let [low, high] = [0, histogram.totalCount];
  while (low < high) {
    const rank = Math.ceil((low + high) / 2);
    if (histogram.getValueAtPercentile((100 * rank) / histogram.totalCount) <= us) low = rank;
    else high = rank - 1;
  }
  return low;
}

export function timingOf(histogram: Histogram): Timing {
  const at = (percent: number) => percentileMs(histogram, percent);
  const buckets: [number, number][] = [];
  let before = 0;
  for (let edge = 0.25; before < histogram.totalCount && edge < 200_000; edge *= 2) {
    const upTo = countUpTo(histogram, edge * 1000);
    if (upTo > before || buckets.length > 0) buckets.push([edge, upTo - before]);
    before = upTo;
  }
  return {
    ...{ count: histogram.totalCount, p50: at(50), p90: at(90), p99: at(99), p999: at(99.9) },
    max: histogram.totalCount > 0 ? histogram.maxValue / 1000 : null,
    buckets
  };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
const average = (numbers: readonly number[]) => (numbers.length === 0 ? 0 : Math.round(sum(numbers) / numbers.length));

/** From when everybody has come to the last click. */
function steadyOf({ totals }: LoadResult, { arrival, durationMs, thinkMs }: LoadOptions): Report['steady'] {
  const from = arrival === 'ramp' ? Math.min(durationMs / 3 + thinkMs, durationMs / 2) / 1000 : 1;
  const seconds = totals.seconds.filter(({ at }) => at > from && at <= durationMs / 1000);
  return {
    seconds: seconds.length,
    holdsPerSecond: average(seconds.map(({ holds }) => holds)),
    bookingsPerSecond: average(seconds.map(({ bookings }) => bookings)),
    connected: average(seconds.map(({ connected }) => connected))
  };
}

export function makeReport(result: LoadResult, { help: _, hosts: _hosts, ...options }: LoadOptions): Report {
  const { totals, plan, target, tookMs, audit } = result;
  const cores = cpus();
  const personas: Record<string, number> = {};
  for (const { persona } of plan) personas[persona] = (personas[persona] ?? 0) + 1;
  const times = Object.fromEntries(
    [...totals.times].filter(([, each]) => each.totalCount > 0).map(([name, each]) => [name, timingOf(each)])
  );
  const holds = (times['hold']?.count ?? 0) >= (times['best']?.count ?? 0) ? times['hold'] : times['best'];
  const found = {
    p99HoldMs: holds?.p99 ?? null,
    errors: sum(Object.values(totals.errors)),
    ...{ holds: totals.counts['holds'] ?? 0, audit }
  };
  const limits = thresholds(options, found);
  return {
    at: new Date().toISOString(),
    machine: `${cores.length} cores (${cores[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
    ...{ options, target, personas, tookMs },
    ...{ counts: totals.counts, refusals: totals.refusals, errors: totals.errors, errorDetails: totals.details },
    steady: steadyOf(result, { ...options, help: false, hosts: '' }),
    ...{ times, seconds: totals.seconds, audit },
    ...{ thresholds: limits, ok: limits.every(({ kept }) => kept) }
  };
}

export async function writeReport(report: Report, folder: string): Promise<string> {
  const file = join(folder, 'report.html');
  await writeFile(join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(file, reportHtml(report));
  return file;
}
