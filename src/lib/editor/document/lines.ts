import { distance, type Point } from './geometry.ts';
import { MOST_CURVE, standInRow } from './row-shape.ts';

/** Where the seats of new rows stand. */
export interface LineWish {
  /** The distance of neighbours in a row. */
  spacing: number;
  /** The distance of rows. */
  gap: number;
  rows: number;
  /** How far each row bends (degrees). */
  curve: number;
}
export const MOST_IN_ROW = 500;
export const MOST_ROWS = 200;

const fitting = (length: number, spacing: number) =>
  Math.min(MOST_IN_ROW, Math.max(1, Math.floor(length / Math.max(0.1, spacing) + 1.001)));

/** Rows from one point to the other, and more of them behind the first. They bend around a common centre. */
export function rowsBetween(from: Point, to: Point, { spacing, gap, rows, curve }: LineWish): Point[][] {
  const length = distance(from, to);
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  const bend = (Math.max(-MOST_CURVE, Math.min(MOST_CURVE, curve)) * Math.PI) / 180;
  const flat = Math.abs(bend) < 0.001;
  const half = Math.abs(bend) / 2;
  // The chord is what was drawn; the arc over it is longer, so there is room for more seats.
  const radius = flat ? 0 : length / 2 / Math.max(0.001, Math.sin(Math.min(half, Math.PI / 2)));
  const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  const back = { x: -Math.sin(angle), y: Math.cos(angle) };
  return Array.from({ length: Math.min(MOST_ROWS, Math.max(1, rows)) }, (_, n) => {
    const grown = flat ? length : Math.max(spacing, (radius + Math.sign(bend) * n * gap) * Math.abs(bend));
    const count = fitting(grown, spacing);
    const gaps = new Array<number>(count - 1).fill(spacing);
    const share = flat || grown === 0 ? 1 : Math.min(1, ((count - 1) * spacing) / grown);
    const points = standInRow(gaps, { curve: curve * share, angle: (angle * 180) / Math.PI }, { x: 0, y: 0 });
    // Each row's middle is `gap` behind the one before; the first one's ends are where they were drawn.
    const deep = (flat ? 0 : Math.sign(bend) * radius * (1 - Math.cos(half))) + n * gap;
    const far = Math.max(...points.map(({ x, y }) => (x * back.x + y * back.y) * (Math.sign(bend) || 1)));
    const shift = deep - (flat ? 0 : far * (Math.sign(bend) || 1));
    return points.map(({ x, y }) => ({ x: x + middle.x + back.x * shift, y: y + middle.y + back.y * shift }));
  });
}

/** As many straight rows as fit in the rectangle, from its top left corner. */
export function block(from: Point, to: Point, { spacing, gap }: Pick<LineWish, 'spacing' | 'gap'>): Point[][] {
  const [left, top] = [Math.min(from.x, to.x), Math.min(from.y, to.y)];
  const columns = fitting(Math.abs(to.x - from.x), spacing);
  const rows = Math.min(MOST_ROWS, fitting(Math.abs(to.y - from.y), gap));
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, n) => ({ x: left + n * spacing, y: top + row * gap }))
  );
}
