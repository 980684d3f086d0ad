import type { DraftRow, DraftSeat, PlanDraft } from '#domain/plan-draft/draft.ts';
import { rowName } from './row-labels.ts';
import { changeRows } from './sharing.ts';

/** How the seats of a row are numbered. */
export interface SeatScheme {
  kind: 'numbers' | 'odd' | 'even' | 'letters';
  /** Where counting begins. From the middle the odd numbers go to the left and the even ones to the right. */
  from: 'left' | 'right' | 'middle';
  /** The first number; for odd and even numbers, the first of them from there on. */
  start: number;
}

/** The labels of `count` seats as they stand from left to right. */
export function seatLabels(count: number, { kind, from, start }: SeatScheme): string[] {
  if (from === 'middle') {
    const odd = start % 2 === 0 ? start + 1 : start;
    const left = Math.ceil(count / 2);
    return Array.from({ length: count }, (_, n) =>
      String(n < left ? odd + 2 * (left - 1 - n) : odd + 1 + 2 * (n - left))
    );
  }
  const parity = kind === 'odd' ? 1 : 0;
  const first = Math.abs(start % 2) === parity ? start : start + 1;
  const labels = Array.from({ length: count }, (_, n) => {
    if (kind === 'letters') return rowName(n + Math.max(0, start - 1), 'letters');
    return String(kind === 'numbers' ? start + n : first + 2 * n);
  });
  return from === 'right' ? labels.reverse() : labels;
}

/** Whether the row stands with its first seat on the right; one from top to bottom is taken as it is. */
function backwards({ seats, table }: DraftRow): boolean {
  const [first, last] = [seats[0], seats.at(-1)];
  return table === undefined && first !== undefined && last !== undefined && last.x < first.x - 0.01;
}

/** Numbers the chosen seats, in each row anew. */
export function numberSeats(draft: PlanDraft, ids: ReadonlySet<string>, scheme: SeatScheme): PlanDraft {
  return changeRows(draft, (row) => {
    const chosen = row.seats.filter(({ id }) => ids.has(id));
    if (chosen.length === 0) return row;
    const labels = seatLabels(chosen.length, scheme);
    if (backwards(row)) labels.reverse();
    const of = new Map(chosen.map(({ id }, n) => [id, labels[n] ?? '']));
    return withLabels(row, of);
  });
}

function withLabels(row: DraftRow, labels: ReadonlyMap<string, string>): DraftRow {
  let changed = false;
  const seats = row.seats.map((seat): DraftSeat => {
    const label = labels.get(seat.id) ?? seat.label;
    if (label === seat.label) return seat;
    changed = true;
    return { ...seat, label };
  });
  return changed ? { ...row, seats } : row;
}

export const nameSeat = (draft: PlanDraft, id: string, label: string): PlanDraft =>
  changeRows(draft, (row) =>
    row.seats.some((seat) => seat.id === id) ? withLabels(row, new Map([[id, label]])) : row
  );
