import type { Plan, PlanArea, PlanRow, PlanSeat, PlanTable } from '#domain/plan.ts';
import type { DraftTable, PlanDraft } from './draft.ts';

/** What is left free around the drawing, as around generated halls. */
const MARGIN = 3;
/** A round table is drawn with so many corners; a quarter of them must be a whole number. */
export const ROUND_CORNERS = 24;

type Point = [number, number];

/**
 * The plan that a draft becomes when it is published. Indexes run along the rows in the draft's order, then through the
 * areas; the drawing starts at a margin, wherever the draft's origin was. A plan that was compiled before comes out the
 * same. Whether the draft may be published is for `draftProblems` to say: this never fails.
 */
export function compilePlan(draft: PlanDraft): Plan {
  const tables = draft.tables.map((table): PlanTable => ({ label: table.label, outline: outlineOf(table) }));
  const [dx, dy] = shiftOf(draft, tables);
  const move = ([x, y]: Point): Point => [round(x + dx), round(y + dy)];

  const rows: PlanRow[] = [];
  const seats: PlanSeat[] = [];
  for (const row of draft.rows) {
    rows.push({ section: row.section, label: row.label, first: seats.length, count: row.seats.length });
    for (const { id, label, x, y, tier, attributes } of row.seats) {
      const [left, top] = move([x, y]);
      const seat: PlanSeat = { index: seats.length, id, label, x: left, y: top, tier };
      if (attributes && attributes.length > 0) seat.attributes = [...attributes];
      seats.push(seat);
    }
  }
  let next = seats.length;
  const areas = draft.areas.map(({ id, name, count, tier, outline }): PlanArea => {
    const area = { id, name, first: next, count, tier, outline: outline.map(move) };
    next += count;
    return area;
  });
  const stage = { label: draft.stage.label, outline: draft.stage.outline.map(move) };
  const [x, y] = move([draft.focus.x, draft.focus.y]);
  const drawn = tables.map(({ label, outline }) => ({ label, outline: outline.map(move) }));
  const corner = boundsOf(seats, [stage, ...areas, ...drawn]);
  return {
    name: draft.name,
    capacity: next,
    size: { width: round(corner.right + MARGIN), height: round(corner.bottom + MARGIN) },
    focus: { x, y },
    stage,
    tiers: draft.tiers.map((tier) => ({ ...tier })),
    sections: draft.sections.map(({ id, name }) => ({ id, name })),
    rows,
    seats,
    areas,
    ...(drawn.length > 0 ? { tables: drawn } : {})
  };
}

/** Hundredths of a unit; `+ 0` because −0 is not 0 to everyone. */
const round = (value: number) => Math.round(value * 100) / 100 + 0;

/** How far everything moves, so that the leftmost and the topmost point lie on the margin. */
function shiftOf(draft: PlanDraft, tables: readonly PlanTable[]): Point {
  const corner = boundsOf(seatsOf(draft), [draft.stage, ...draft.areas, ...tables]);
  return [MARGIN - corner.left, MARGIN - corner.top];
}

function* seatsOf(draft: PlanDraft) {
  for (const row of draft.rows) yield* row.seats;
}

function boundsOf(seats: Iterable<{ x: number; y: number }>, shapes: readonly { outline: Point[] }[]) {
  const bounds = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  const take = (x: number, y: number) => {
    bounds.left = Math.min(bounds.left, x);
    bounds.top = Math.min(bounds.top, y);
    bounds.right = Math.max(bounds.right, x);
    bounds.bottom = Math.max(bounds.bottom, y);
  };
  for (const { x, y } of seats) take(x, y);
  for (const { outline } of shapes) for (const [x, y] of outline) take(x, y);
  // Nothing is drawn yet.
  return bounds.left <= bounds.right ? bounds : { left: MARGIN, top: MARGIN, right: MARGIN, bottom: MARGIN };
}

/** The corners of a table, clockwise; a round one as an ellipse. */
export function outlineOf(table: DraftTable): Point[] {
  const angle = (table.rotation * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const turned = (x: number, y: number): Point => [table.x + x * cos - y * sin, table.y + x * sin + y * cos];
  const [a, b] = [table.width / 2, table.height / 2];
  if (table.shape === 'square') return [turned(-a, -b), turned(a, -b), turned(a, b), turned(-a, b)];
  return Array.from({ length: ROUND_CORNERS }, (_, n) => {
    const at = (2 * Math.PI * n) / ROUND_CORNERS;
    return turned(a * Math.cos(at), b * Math.sin(at));
  });
}
