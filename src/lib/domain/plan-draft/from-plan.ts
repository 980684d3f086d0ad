import type { Plan, PlanSeat } from '#domain/plan.ts';
import type { DraftRow, DraftSeat, DraftTable, PlanDraft } from './draft.ts';
import { ROUND_CORNERS } from './compile.ts';

/**
 * A plan as a draft, to be changed: `compilePlan` makes the same plan of it again. Seats keep their ids, and a row's id
 * is made of its first seat's, so that the same plan always gives the same draft.
 *
 * What a Plan does not say a draft of it cannot know: around which table a row stands, and the background. What only
 * this Plan had is put right by compiling: its indexes run along the rows, areas last; its margin is the usual one;
 * coordinates are hundredths; rows without seats are gone; tables of other shapes are rectangles.
 */
export function draftFrom(plan: Plan): PlanDraft {
  const seatAt = new Map(plan.seats.map((seat) => [seat.index, seat]));
  const sections = plan.sections.map(({ id, name }) => ({ id, name }));
  const known = new Set(sections.map(({ id }) => id));
  for (const { section } of plan.rows) {
    if (known.has(section)) continue;
    known.add(section);
    sections.push({ id: section, name: section });
  }
  const rows: DraftRow[] = [];
  for (const { section, label, first, count } of [...plan.rows].sort((a, b) => a.first - b.first)) {
    const seats: DraftSeat[] = [];
    for (let index = first; index < first + count; index++) {
      const seat = seatAt.get(index);
      if (!seat) throw new Error(`row ${label} names seat ${index}, which the plan does not have`);
      seats.push(draftSeatOf(seat));
    }
    const [start] = seats;
    if (start) rows.push({ id: rowIdOf(start.id, rows.length), section, label, seats });
  }
  return {
    name: plan.name,
    tiers: plan.tiers.map((tier) => ({ ...tier })),
    stage: { label: plan.stage.label, outline: copyOf(plan.stage.outline) },
    focus: { ...plan.focus },
    sections,
    rows,
    tables: (plan.tables ?? []).map(({ label, outline }, n) => ({ id: `table-${n + 1}`, label, ...shapeOf(outline) })),
    areas: [...plan.areas]
      .sort((a, b) => a.first - b.first)
      .map(({ id, name, count, tier, outline }) => ({ id, name, count, tier, outline: copyOf(outline) })),
    background: null
  };
}

type Point = [number, number];
type Outline = Point[];

const copyOf = (outline: Outline): Outline => outline.map(([x, y]) => [x, y]);

function draftSeatOf({ id, label, x, y, tier, attributes }: PlanSeat): DraftSeat {
  return { id, label, x, y, tier, ...(attributes && attributes.length > 0 ? { attributes: [...attributes] } : {}) };
}

/** No two rows have the same first seat; only an id that would be too long is replaced by the row's number. */
const rowIdOf = (firstSeat: string, n: number) => (firstSeat.length <= 190 ? `row-${firstSeat}` : `row-${n + 1}`);

type Shape = Pick<DraftTable, 'shape' | 'x' | 'y' | 'width' | 'height' | 'rotation'>;

/** The table that is drawn like this, to the hundredth. */
function shapeOf(outline: Outline): Shape {
  const corner = (n: number): Point => outline[n] ?? [0, 0];
  if (outline.length === ROUND_CORNERS) {
    const quarter = ROUND_CORNERS / 4;
    const [right, bottom, left, top] = [corner(0), corner(quarter), corner(2 * quarter), corner(3 * quarter)];
    return shape('round', middleOf(left, right), [left, right], [top, bottom]);
  }
  if (outline.length === 4) {
    const [a, b, c] = [corner(0), corner(1), corner(2)];
    return shape('square', middleOf(a, c), [a, b], [b, c]);
  }
  const [xs, ys] = [outline.map(([x]) => x), outline.map(([, y]) => y)];
  const [left, top, right, bottom] =
    outline.length === 0 ? [0, 0, 0, 0] : [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  const [from, to]: [Point, Point] = [
    [left, top],
    [right, bottom]
  ];
  return shape('square', middleOf(from, to), [from, [right, top]], [from, [left, bottom]]);
}

/** By its middle and its two axes, across and down. How it is turned is read from the longer one, which tells it better. */
function shape(kind: Shape['shape'], [x, y]: Point, across: [Point, Point], down: [Point, Point]): Shape {
  const [width, height] = [between(...across), between(...down)];
  const turn = width >= height ? turnOf(...across) : turnOf(...down) - 90;
  return {
    ...{ shape: kind, x: round(x), y: round(y), width: round(width), height: round(height) },
    rotation: round(turn < -180 ? turn + 360 : turn)
  };
}

/** Finer than the outline, so that drawing it again comes to the same hundredths, or next to them. */
const round = (value: number) => Math.round(value * 10_000) / 10_000 + 0;
const middleOf = ([ax, ay]: Point, [bx, by]: Point): Point => [(ax + bx) / 2, (ay + by) / 2];
const between = ([ax, ay]: Point, [bx, by]: Point) => Math.hypot(bx - ax, by - ay);
const turnOf = ([ax, ay]: Point, [bx, by]: Point) => (Math.atan2(by - ay, bx - ax) * 180) / Math.PI;
