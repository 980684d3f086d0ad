import type { AuditReport } from '../../server/audit/audit.ts';

/** What decides the exit code. */
export interface Threshold {
  name: string;
  limit: string;
  is: string;
  kept: boolean;
}

const count = (value: number) => value.toLocaleString('en');
export const ms = (value: number | null) =>
  value === null ? '–' : `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;

export function thresholds(
  limits: { p99HoldMs: number | null; maxErrors: number },
  found: { p99HoldMs: number | null; errors: number; holds: number; audit: AuditReport | null }
): Threshold[] {
  const list: Threshold[] = [
    {
      ...{ name: 'errors', limit: `at most ${count(limits.maxErrors)}`, is: count(found.errors) },
      kept: found.errors <= limits.maxErrors
    },
    // A run in which nothing was held has shown nothing.
    { name: 'holds', limit: 'at least 1', is: count(found.holds), kept: found.holds > 0 }
  ];
  if (limits.p99HoldMs !== null) {
    const kept = found.p99HoldMs !== null && found.p99HoldMs <= limits.p99HoldMs;
    list.push({ name: 'p99 of a hold', limit: `at most ${ms(limits.p99HoldMs)}`, is: ms(found.p99HoldMs), kept });
  }
  if (found.audit)
    list.push({ name: 'audit', limit: 'clean', is: found.audit.ok ? 'clean' : 'BROKEN', kept: found.audit.ok });
  return list;
}
