import type { DraftSeat, PlanDraft } from '#domain/plan-draft/draft.ts';
import type { Selection } from './selection.ts';

export interface Point {
  x: number;
  y: number;
}
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export function boxOf(points: Iterable<Point>): Box | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  return left <= right ? { left, top, right, bottom } : null;
}

export const middleOf = ({ left, top, right, bottom }: Box): Point => ({
  x: (left + right) / 2,
  y: (top + bottom) / 2
});

const corners = (outline: readonly (readonly [number, number])[]) => outline.map(([x, y]) => ({ x, y }));

/** The points that say where the chosen things are: seats and tables by their middles, outlines by their corners. */
export function pointsOf(draft: PlanDraft, { seats, tables, areas, stage }: Selection): Point[] {
  const points: Point[] = [];
  if (seats.size > 0)
    for (const row of draft.rows) for (const seat of row.seats) if (seats.has(seat.id)) points.push(seat);
  for (const table of draft.tables) if (tables.has(table.id)) points.push(table);
  for (const area of draft.areas) if (areas.has(area.id)) points.push(...corners(area.outline));
  if (stage) points.push(...corners(draft.stage.outline));
  return points;
}

export const radians = (degrees: number) => (degrees * Math.PI) / 180;
export const degrees = (angle: number) => (angle * 180) / Math.PI;

export function turn({ x, y }: Point, around: Point, angle: number): Point {
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const [dx, dy] = [x - around.x, y - around.y];
  return { x: around.x + dx * cos - dy * sin, y: around.y + dx * sin + dy * cos };
}

export const distance = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);

/** The middle of where these seats are. */
export function centreOf(seats: readonly DraftSeat[]): Point {
  const n = Math.max(1, seats.length);
  return {
    x: seats.reduce((sum, { x }) => sum + x, 0) / n,
    y: seats.reduce((sum, { y }) => sum + y, 0) / n
  };
}

/** Whether the point is inside the polygon (even-odd). */
export function inside({ x, y }: Point, outline: readonly (readonly [number, number])[]): boolean {
  let within = false;
  outline.forEach(([ax, ay], n) => {
    const [bx, by] = outline[(n + outline.length - 1) % outline.length] ?? [ax, ay];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) within = !within;
  });
  return within;
}
