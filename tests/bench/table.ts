import type { Bench, Goal } from './bench.ts';
import { worstOf, type Line } from './figures.ts';
import type { Machine } from './machine.ts';

/** What run.ts writes to standard output: a table to read, or JSON. */
export interface Result {
  bench: Bench;
  lines: readonly Line[];
}

export const goalText = (goal: Goal) => ('atMost' in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`);

/** Three digits that mean something. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en');
  if (value === 0) return '0';
  return String(Number(value.toPrecision(3)));
}

export const titleOf = (line: Line) => (line.case === '' ? line.name : `${line.name}: ${line.case}`);

export function printTable(results: readonly Result[], machine: Machine): void {
  const rows = results.flatMap(({ lines }) =>
    lines.map((line) => [
      titleOf(line),
      `${figure(line.value)} ${line.unit}`,
      `${figure(line.baseline)} ${line.unit}`,
      line.ratio.toFixed(3),
      goalText(line.goal),
      line.met ? 'met' : 'MISSED'
    ])
  );
  const head = ['bench', 'measured', 'baseline', 'ratio', 'goal', ''];
  const widths = head.map((title, n) => Math.max(title.length, ...rows.map((row) => row[n]?.length ?? 0)));
  const write = (cells: readonly string[]) =>
    console.log(
      cells
        .map((cell, n) => (n === 0 || n === 5 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0)))
        .join('  ')
        .trimEnd()
    );
  write(head);
  write(widths.map((width) => '─'.repeat(width)));
  rows.forEach(write);
  console.log();
  for (const { bench } of results) console.log(`${bench.name}: ${bench.what}; baseline: ${bench.baseline}.`);
  console.log();
  for (const [what, is] of machine) console.log(`${what}: ${is}`);
  console.log('Medians over the rounds; a ratio is the median of the rounds’ ratios.');
}

/** One element a bench. Where a bench has several cases, the one nearest to its goal stands for it. */
export function printJson(results: readonly Result[]): void {
  const all = results.map(({ bench, lines }) => {
    const worst = worstOf(lines);
    return {
      ...plain(worst),
      ...{ name: bench.name, met: lines.every(({ met }) => met), what: bench.what, against: bench.baseline },
      ...(lines.length > 1 ? { cases: lines.map((line) => ({ case: line.case, ...plain(line) })) } : {})
    };
  });
  console.log(JSON.stringify(all, null, 2));
}

const plain = ({ name, value, baseline, ratio, goal, met, unit, ratios }: Line) => ({
  ...{ name, value, baseline, ratio, goal: goalText(goal), met, unit, ratios }
});
