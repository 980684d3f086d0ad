import { distance, degrees, radians, turn, type Point } from './geometry.ts';

/**
 * A row is a chain of seats on an arc: the gaps between neighbours, how far it bends in all (degrees; above 0 the ends
 * come towards a stage at the top) and where its chord points to (degrees, clockwise from the right).
 */
export interface RowShape {
  /** The usual distance between neighbours; an aisle is wider. */
  spacing: number;
  curve: number;
  angle: number;
}
export const MOST_CURVE = 300;

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 1;
const gapsOf = (points: readonly Point[]) => points.slice(1).map((point, n) => distance(point, points[n] ?? point));

const between = (a: Point, b: Point) => Math.atan2(b.y - a.y, b.x - a.x);
/** An angle as −π … π. */
const plain = (angle: number) => Math.atan2(Math.sin(angle), Math.cos(angle));

export function shapeOf(points: readonly Point[]): RowShape {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || points.length < 2) return { spacing: 1, curve: 0, angle: 0 };
  const angle = degrees(between(first, last));
  const gaps = gapsOf(points);
  if (points.length < 3) return { spacing: median(gaps), curve: 0, angle };
  let turned = 0;
  for (let n = 2; n < points.length; n++) {
    const [a, b, c] = [points[n - 2], points[n - 1], points[n]];
    if (a && b && c) turned += plain(between(b, c) - between(a, b));
  }
  // The bend is seen at the seats between the ends; half a gap more bends at either end.
  const total = gaps.reduce((sum, gap) => sum + gap, 0);
  const seen = total - ((gaps[0] ?? 0) + (gaps.at(-1) ?? 0)) / 2;
  const curve = seen > 0 ? (-degrees(turned) * total) / seen : 0;
  return { spacing: median(gaps), curve: Math.abs(curve) < 0.05 ? 0 : curve, angle };
}

/** The radius on which chords of these lengths turn by `bend` (radians) in all. */
function radiusFor(gaps: readonly number[], bend: number): number {
  let [low, high] = [Math.max(...gaps) / 2, 1e7];
  for (let n = 0; n < 60; n++) {
    const middle = Math.sqrt(low * high);
    const turned = gaps.reduce((sum, gap) => sum + 2 * Math.asin(Math.min(1, gap / 2 / middle)), 0);
    if (turned > bend) low = middle;
    else high = middle;
  }
  return high;
}

/** Where seats with these gaps stand, the middle of them all at `centre`. */
export function standInRow(
  gaps: readonly number[],
  { curve, angle }: Omit<RowShape, 'spacing'>,
  centre: Point
): Point[] {
  const bend = radians(Math.min(MOST_CURVE, Math.abs(curve)));
  const straight = bend < 0.001 || gaps.every((gap) => gap === 0);
  const radius = straight ? 0 : radiusFor(gaps, bend);
  const points: Point[] = [{ x: 0, y: 0 }];
  let at = 0;
  let turned = 0;
  for (const gap of gaps) {
    at += gap;
    turned += straight ? 0 : 2 * Math.asin(Math.min(1, gap / 2 / radius));
    const part = turned - bend / 2;
    const side = Math.sign(curve);
    points.push(
      straight
        ? { x: at, y: 0 }
        : { x: radius * Math.sin(part), y: side * radius * (Math.cos(part) - Math.cos(bend / 2)) }
    );
  }
  if (!straight) points[0] = { x: radius * Math.sin(-bend / 2), y: 0 };
  const middle = {
    x: points.reduce((sum, { x }) => sum + x, 0) / points.length,
    y: points.reduce((sum, { y }) => sum + y, 0) / points.length
  };
  const turnBy = radians(angle);
  return points.map((point) => {
    const { x, y } = turn(point, middle, turnBy);
    return { x: x - middle.x + centre.x, y: y - middle.y + centre.y };
  });
}

/** The same row with another spacing, bend or direction. Aisles stay as much wider as they are. */
export function reshaped(points: readonly Point[], wanted: Partial<RowShape>): Point[] {
  if (points.length < 2) return [...points];
  const now = shapeOf(points);
  const widen = (wanted.spacing ?? now.spacing) / (now.spacing || 1);
  const gaps = gapsOf(points).map((gap) => gap * widen);
  const centre = {
    x: points.reduce((sum, { x }) => sum + x, 0) / points.length,
    y: points.reduce((sum, { y }) => sum + y, 0) / points.length
  };
  return standInRow(gaps, { curve: wanted.curve ?? now.curve, angle: wanted.angle ?? now.angle }, centre);
}

/** The row with as many seats as wanted: more of them go on at its end, along its bend. */
export function lengthened(points: readonly Point[], count: number): Point[] {
  const now = shapeOf(points);
  const old = gapsOf(points);
  const gaps = [...old, ...new Array<number>(Math.max(0, count - points.length)).fill(now.spacing)].slice(0, count - 1);
  const sum = (list: readonly number[]) => list.reduce((all, gap) => all + gap, 0);
  const curve = sum(old) > 0 ? (now.curve * sum(gaps)) / sum(old) : 0;
  const first = points[0] ?? { x: 0, y: 0 };
  // The first seat and the direction there stay; only the end moves.
  const angle = now.angle + (now.curve - curve) / 2;
  const made = standInRow(gaps, { curve: Math.max(-MOST_CURVE, Math.min(MOST_CURVE, curve)), angle }, { x: 0, y: 0 });
  const start = made[0] ?? { x: 0, y: 0 };
  return made.map(({ x, y }) => ({ x: x - start.x + first.x, y: y - start.y + first.y }));
}
