import { recoveryOf } from './checks/aftermath.ts';
import type { Verdict } from './checker.ts';
import type { Evidence, Played, Violation } from './evidence.ts';
import { INVARIANTS, type Invariant } from './faults/fault.ts';
import { checkoutsOf, endOf, opsOf } from './history.ts';

/** ok: held · allowed: found, where the fault allows it · relaxed: not asked of this fault · BROKEN. */
export type Cell = 'ok' | 'allowed' | 'BROKEN';

export interface Row {
  fault: string;
  name: string;
  played: number;
  cells: Record<Invariant, Cell>;
  holds: number;
  checkouts: { ok: number; refused: number; unknown: number };
  /** The slowest, in ms. */
  recoveryMs: number | null;
  notes: string[];
}

export interface ChaosReport {
  seed: string;
  ok: boolean;
  seconds: number;
  operations: Record<'ok' | 'refused' | 'unknown', number>;
  bookings: { confirmed: number; mails: number; copies: number };
  /** What the machine did of what an unhindered one does, on the average of all looks: limits in time count by it. */
  machine: number;
  rows: Row[];
  broken: Violation[];
  allowed: Violation[];
}

/** A round belongs to its faults until the next one begins. */
function roundAt(played: readonly Played[], at: number | null): number | null {
  if (at === null) return null;
  return played.filter(({ from }) => from <= at).at(-1)?.round ?? null;
}

export function makeReport(seed: string, seconds: number, seen: Evidence, verdict: Verdict): ChaosReport {
  const { played, history } = seen;
  const ids = [...new Set(played.map(({ fault }) => fault.id))];
  const checkouts = [...checkoutsOf(history).values()];
  const holds = opsOf(history, 'hold').filter(({ outcome }) => outcome === 'ok');
  const rows = ids.map((id): Row => {
    const mine = played.filter(({ fault }) => fault.id === id);
    const rounds = new Set(mine.map(({ round }) => round));
    const cell = (invariant: Invariant): Cell => {
      const hit = (list: readonly Violation[]) =>
        list.some((one) => one.invariant === invariant && rounds.has(roundAt(played, one.at) ?? -1));
      return hit(verdict.broken) ? 'BROKEN' : hit(verdict.relaxed) ? 'allowed' : 'ok';
    };
    const during = (at: number) => mine.some(({ from, to }) => at >= from && at <= to);
    const ends = checkouts.filter(([first]) => first && during(first.at)).map(endOf);
    const count = (end: string) => ends.filter((one) => one === end).length;
    const recoveries = mine.flatMap((one) => recoveryOf(seen, one) ?? []);
    return {
      ...{ fault: id, name: mine[0]?.fault.name ?? '', played: mine.length },
      cells: Object.fromEntries(INVARIANTS.map((invariant) => [invariant, cell(invariant)])) as Row['cells'],
      holds: holds.filter(({ at }) => during(at)).length,
      checkouts: { ok: count('ok'), refused: count('refused'), unknown: count('unknown') },
      recoveryMs: recoveries.length > 0 ? Math.round(Math.max(...recoveries)) : null,
      notes: mine.flatMap(({ notes }) => notes)
    };
  });
  const operations = { ok: 0, refused: 0, unknown: 0 };
  for (const { outcome } of history) operations[outcome]++;
  const accepted = seen.mails.reduce((sum, mail) => sum + mail.accepted.length, 0);
  const mailed = seen.mails.filter((mail) => mail.accepted.length > 0).length;
  return {
    ...{ seed, ok: verdict.broken.length === 0, seconds, operations, rows },
    bookings: { confirmed: seen.mails.length, mails: mailed, copies: accepted - mailed },
    machine: seen.looks.reduce((sum, { share }) => sum + share, 0) / Math.max(1, seen.looks.length),
    broken: verdict.broken,
    allowed: verdict.relaxed
  };
}

const SIGN: Record<Cell, string> = { ok: '✓', allowed: '~', BROKEN: '✗' };
const EVIDENCE_ROWS = 12;
const LONGEST = 600;

export function tableOf(report: ChaosReport): string {
  const head = ['fault', 'times', ...INVARIANTS, 'holds', 'checkouts ok/refused/open', 'well again after'];
  const lines = report.rows.map((row) => [
    ...[row.fault, String(row.played), ...INVARIANTS.map((invariant) => SIGN[row.cells[invariant]])],
    ...[String(row.holds), `${row.checkouts.ok}/${row.checkouts.refused}/${row.checkouts.unknown}`],
    row.recoveryMs === null ? '' : `${row.recoveryMs} ms`
  ]);
  const widths = head.map((title, n) => Math.max(title.length, ...lines.map((line) => line[n]?.length ?? 0)));
  const print = (cells: readonly string[]) =>
    cells
      .map((cell, n) => cell.padEnd(widths[n] ?? 0))
      .join('  ')
      .trimEnd();
  const { ok, refused, unknown } = report.operations;
  return [
    ...[print(head), ...lines.map(print), '', '✓ held   ~ found where the fault allows it   ✗ broken'],
    ...report.rows.flatMap(({ fault, name, notes }) => [
      `${fault.padEnd(5)} ${name}`,
      ...new Set(notes.map((note) => `        ${note}`))
    ]),
    ...['', `${report.seconds} s: ${ok} operations ok, ${refused} refused, ${unknown} unknown; `],
    `${report.bookings.confirmed} bookings paid, ${report.bookings.mails} with their mail, ${report.bookings.copies} copies`,
    `the machine did ${Math.round(100 * report.machine)} % of what an unhindered one does; limits in time are stretched by that`,
    ...broken(report)
  ].join('\n');
}

function broken({ broken: all }: ChaosReport): string[] {
  if (all.length === 0) return ['Nothing is broken.'];
  const lines = all.slice(0, EVIDENCE_ROWS).map(({ invariant, at, what, evidence }) => {
    const when = at === null ? 'at the end' : new Date(at).toISOString().slice(11, 23);
    return `✗ ${invariant} ${when} ${what}\n    ${JSON.stringify(evidence).slice(0, LONGEST)}`;
  });
  return [`${all.length} findings:`, ...lines];
}
