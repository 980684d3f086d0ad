import type { DraftRow, PlanDraft } from '#domain/plan-draft/draft.ts';
import { lengthened, reshaped, type RowShape } from './row-shape.ts';
import { seatAt } from './parts.ts';
import { changeRows, rounded } from './sharing.ts';
import { MOST_IN_ROW } from './lines.ts';

/** Another spacing, bend or direction for these rows, each around its own middle. Rows around tables keep theirs. */
export const reshapeRows = (draft: PlanDraft, ids: ReadonlySet<string>, wanted: Partial<RowShape>): PlanDraft =>
  changeRows(draft, (row) => {
    if (!ids.has(row.id) || row.table !== undefined || row.seats.length < 2) return row;
    const points = reshaped(row.seats, wanted);
    return standing(row, points);
  });

function standing(row: DraftRow, points: readonly { x: number; y: number }[]): DraftRow {
  let changed = false;
  const seats = row.seats.map((seat, n) => {
    const { x, y } = points[n] ?? seat;
    const to = { x: rounded(x), y: rounded(y) };
    if (to.x === seat.x && to.y === seat.y) return seat;
    changed = true;
    return { ...seat, ...to };
  });
  return changed ? { ...row, seats } : row;
}

/** Makes rows longer or shorter at their end. New seats are like the last one and go on with its number. */
export const lengthenRows = (draft: PlanDraft, ids: ReadonlySet<string>, count: number): PlanDraft =>
  changeRows(draft, (row) => {
    const wanted = Math.min(MOST_IN_ROW, Math.max(1, Math.round(count)));
    const last = row.seats.at(-1);
    if (!ids.has(row.id) || row.table !== undefined || !last || wanted === row.seats.length) return row;
    if (wanted < row.seats.length) return { ...row, seats: row.seats.slice(0, wanted) };
    const points = lengthened(row.seats, wanted).slice(row.seats.length);
    const next = following(row);
    return { ...row, seats: [...row.seats, ...points.map((point, n) => seatAt(point, next(n), last.tier))] };
  });

/** The numbers after the last one, in the step of the last two. */
function following({ seats }: DraftRow): (n: number) => string {
  const [before, last] = [Number(seats.at(-2)?.label ?? NaN), Number(seats.at(-1)?.label ?? NaN)];
  const step = Number.isInteger(last - before) && last !== before ? last - before : 1;
  return (n) => String((Number.isInteger(last) ? last : seats.length) + step * (n + 1));
}
