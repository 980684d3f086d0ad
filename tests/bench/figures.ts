import type { Bench, Goal, Round, Row } from './bench.ts';

/** From rounds to the figures of the table. */

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? NaN;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** One line of the table: medians over the rounds. The ratio is the median of the rounds' ratios. */
export interface Line {
  name: string;
  case: string;
  unit: string;
  value: number;
  baseline: number;
  ratio: number;
  ratios: number[];
  goal: Goal;
  met: boolean;
}

const ratioOf = ({ value, baseline }: Round) => (baseline === 0 ? (value === 0 ? 0 : Infinity) : value / baseline);

export const isMet = (ratio: number, goal: Goal) => ('atMost' in goal ? ratio <= goal.atMost : ratio >= goal.atLeast);

export function linesOf(bench: Bench, rounds: readonly Round[]): Line[] {
  return bench.rows.map((row: Row) => {
    const mine = rounds.filter((round) => round.case === row.case);
    const ratios = mine.map(ratioOf);
    const ratio = median(ratios);
    return {
      ...{ name: bench.name, case: row.case, unit: row.unit, goal: row.goal },
      value: median(mine.map((round) => round.value)),
      baseline: median(mine.map((round) => round.baseline)),
      ...{ ratio, ratios, met: isMet(ratio, row.goal) }
    };
  });
}

/** How far a line is from its goal: 1 is just met, more is missed. */
const strain = ({ ratio, goal }: Line) => ('atMost' in goal ? ratio / goal.atMost : goal.atLeast / ratio);

/** The line that stands for a bench of several: the one nearest to missing its goal, or furthest past it. */
export function worstOf(lines: readonly Line[]): Line {
  const [worst] = [...lines].sort((a, b) => strain(b) - strain(a));
  if (!worst) throw new Error('a bench without lines');
  return worst;
}
