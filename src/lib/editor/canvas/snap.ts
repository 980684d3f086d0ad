import type { PlanDraft } from '#domain/plan-draft/draft.ts';
import { boxOf, type Box, type Point } from '../document/geometry.ts';
import type { Selection } from '../document/selection.ts';

/** Lines that things may come to lie on, in order. */
export interface Lines {
  xs: number[];
  ys: number[];
}
export interface Snapped {
  dx: number;
  dy: number;
  /** The lines that were met, to be drawn. */
  guides: { x: number | null; y: number | null };
}

const overlaps = (a: Box, b: Box) => a.left <= b.right && a.right >= b.left && a.top <= b.bottom && a.bottom >= b.top;
const sorted = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b);

/** The edges and middles of everything in sight that does not move itself. */
export function linesOf(draft: PlanDraft, moving: Selection, view: Box): Lines {
  const boxes: Box[] = [];
  for (const { seats } of draft.rows) {
    if (moving.seats.has(seats[0]?.id ?? '') || moving.seats.has(seats.at(-1)?.id ?? '')) continue;
    const box = boxOf(seats);
    if (box && overlaps(box, view)) boxes.push(box);
  }
  for (const { id, x, y } of draft.tables)
    if (!moving.tables.has(id)) boxes.push({ left: x, right: x, top: y, bottom: y });
  const outlines = draft.areas.filter(({ id }) => !moving.areas.has(id)).map(({ outline }) => outline);
  if (!moving.stage) outlines.push(draft.stage.outline);
  for (const outline of outlines) {
    const box = boxOf(outline.map(([x, y]) => ({ x, y })));
    if (box && overlaps(box, view)) boxes.push(box);
  }
  return {
    xs: sorted(boxes.flatMap(({ left, right }) => [left, (left + right) / 2, right])),
    ys: sorted(boxes.flatMap(({ top, bottom }) => [top, (top + bottom) / 2, bottom]))
  };
}

/** The value of the sorted list nearest to this one. */
function nearest(list: readonly number[], value: number): number | null {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  const [before, after] = [list[low - 1], list[low]];
  if (before === undefined || after === undefined) return before ?? after ?? null;
  return value - before <= after - value ? before : after;
}

/** How far to go from `by` so that one of the edges lies on a line, if one is within reach. */
function toLine(edges: readonly number[], by: number, lines: readonly number[], reach: number) {
  let best: { by: number; line: number } | null = null;
  let least = reach;
  for (const edge of edges) {
    const line = nearest(lines, edge + by);
    if (line === null || Math.abs(line - edge - by) > least) continue;
    least = Math.abs(line - edge - by);
    best = { by: line - edge, line };
  }
  return best;
}

const toGrid = (value: number, grid: number) => (grid > 0 ? Math.round(value / grid) * grid : value);

/**
 * Where a box that is dragged by (dx, dy) comes to rest: on a line of its neighbours within `reach`, else with its top
 * left corner on the grid (0: no grid).
 */
export function snapBox(box: Box, dx: number, dy: number, lines: Lines, grid: number, reach: number): Snapped {
  const { left, right, top, bottom } = box;
  const x = toLine([left, (left + right) / 2, right], dx, lines.xs, reach);
  const y = toLine([top, (top + bottom) / 2, bottom], dy, lines.ys, reach);
  return {
    dx: x ? x.by : toGrid(left + dx, grid) - left,
    dy: y ? y.by : toGrid(top + dy, grid) - top,
    guides: { x: x?.line ?? null, y: y?.line ?? null }
  };
}

/** The same for one point, such as the end of a row that is drawn. */
export function snapPoint({ x, y }: Point, lines: Lines, grid: number, reach: number): Point & Pick<Snapped, 'guides'> {
  const { dx, dy, guides } = snapBox({ left: x, right: x, top: y, bottom: y }, 0, 0, lines, grid, reach);
  return { x: x + dx, y: y + dy, guides };
}
