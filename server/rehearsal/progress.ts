import type { RehearsalProgress, RehearsalVerdict } from '#domain/rehearsal.ts';
import type { AuditReport } from '../audit/audit.ts';
import type { Second, Totals } from './buyers/collect.ts';
import { percentileMs } from './buyers/percentile.ts';

/** What the page is told while it runs, and the verdict at the end. */
const SECONDS_SHOWN = 60;
const FINDINGS_SHOWN = 5;
const TIMED = ['hold', 'best', 'book', 'paid to confirmed'];

export function progressOf(totals: Totals, second: Second, map: string | null): RehearsalProgress {
  const times: RehearsalProgress['times'] = {};
  for (const name of TIMED) {
    const histogram = totals.times.get(name);
    if (!histogram) continue;
    const [p50, p95, p99] = [50, 95, 99].map((percent) => percentileMs(histogram, percent)) as [
      number | null,
      number | null,
      number | null
    ];
    times[name] = { p50, p95, p99 };
  }
  return {
    ...{ connected: second.connected, holdsNow: second.holds, bookingsNow: second.bookings, times, map },
    holds: totals.counts['holds'] ?? 0,
    bookings: totals.counts['bookings'] ?? 0,
    confirmed: totals.counts['confirmed'] ?? 0,
    refusals: totals.refusals,
    errors: totals.errors,
    rates: totals.seconds.slice(-SECONDS_SHOWN).map(({ holds }) => holds)
  };
}

export function verdictOf(audit: AuditReport | null, totals: Totals): RehearsalVerdict {
  const checks = audit?.checks ?? [];
  return {
    ok: audit !== null && audit.ok && Object.keys(totals.errors).length === 0,
    checks: checks.map(({ invariant, name, says, findings }) => ({
      ...{ invariant, name, says },
      findings: findings.slice(0, FINDINGS_SHOWN)
    })),
    details: totals.details.slice(0, 10)
  };
}
