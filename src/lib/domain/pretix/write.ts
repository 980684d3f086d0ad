import type { Plan, PlanRow, PlanSeat } from '#domain/plan.ts';
import {
  PIXELS_PER_UNIT,
  TIER_COLORS,
  toPixels,
  toUnits,
  type PretixArea,
  type PretixFile,
  type PretixSeat,
  type PretixZone,
  type Point
} from './format.ts';
import { unused } from './mend.ts';
import { gatherAttributes, orderOf, type Supplement } from './supplement.ts';
import { uuidFrom } from './uuid-from.ts';

type Row = Omit<PretixZone['rows'][number], 'seats'> & { seats: PretixSeat[] };

/**
 * A plan as a pretix file, and beside it what that cannot say. `readPretix(pretix, { supplement })` gives the same
 * plan again. Standing areas and the stage are drawn in a zone of their own.
 */
export function writePretix(plan: Plan): { pretix: PretixFile; supplement: Supplement } {
  const categories = nameCategories(plan);
  const categoryOf = new Map(plan.tiers.map(({ id }, n) => [id, categories[n]?.name ?? id]));
  const seatAt = new Map(plan.seats.map((seat) => [seat.index, seat]));
  const names = new Map(plan.sections.map(({ id, name }) => [id, name]));
  for (const { section } of plan.rows) if (!names.has(section)) names.set(section, section);

  const rows: Supplement['rows'] = [];
  const rowsOf = new Map<string, PlanRow[]>([...names.keys()].map((id) => [id, []]));
  for (const row of plan.rows) {
    const own = rowsOf.get(row.section) ?? [];
    rows.push([row.section, own.length, row.first, row.count]);
    own.push(row);
  }
  const zones = [...names].map(([id, name]) => {
    const written = (rowsOf.get(id) ?? []).map((row) => writeRow(row, seatsOf(row, seatAt), categoryOf));
    return placeZone(id, name, written);
  });

  const drawings = draw(plan);
  const hall = unused('hall', new Set(names.keys()), new Map());
  zones.push({ name: 'Hall', zone_id: hall, position: { x: 0, y: 0 }, rows: [], areas: drawings });
  const uuids = drawings.map(({ uuid }) => uuid);
  const [width, height] = [plan.size.width, plan.size.height].map((side) =>
    Math.max(1, Math.ceil(side * PIXELS_PER_UNIT))
  );
  return {
    pretix: { name: plan.name, categories, zones, size: { width: width ?? 1, height: height ?? 1 } },
    supplement: {
      ...{ fullhouse: 'pretix-supplement', version: 1, capacity: plan.capacity, size: plan.size, focus: plan.focus },
      ...{ hall, stage: { uuid: uuids[0] ?? '', ...plan.stage }, rows, order: orderOf(plan) },
      tiers: plan.tiers.map((tier, n) => ({ ...tier, category: categories[n]?.name ?? tier.id })),
      sections: plan.sections.map(({ id }) => id),
      areas: plan.areas.map((area, n) => ({ ...area, uuid: uuids[n + 1] ?? '' })),
      attributes: gatherAttributes(plan.seats),
      exact: plan.seats.flatMap(({ id, x, y }) =>
        isExact(x) && isExact(y) ? [] : [[id, x, y] as [string, number, number]]
      )
    }
  };
}

const isExact = (units: number) => toUnits(toPixels(units), PIXELS_PER_UNIT) === units;

/** Seats name their category by its name, so no two may have the same. */
function nameCategories({ tiers }: Plan): PretixFile['categories'] {
  const taken = new Set<string>();
  const counters = new Map<string, number>();
  return tiers.map(({ name, ordinal }) => ({
    name: unused(name, taken, counters),
    color: TIER_COLORS[ordinal - 1] ?? TIER_COLORS[0]
  }));
}

function seatsOf(row: PlanRow, seatAt: ReadonlyMap<number, PlanSeat>): PlanSeat[] {
  return Array.from({ length: row.count }, (_, n) => {
    const seat = seatAt.get(row.first + n);
    if (!seat) throw new Error(`row ${row.label} names seat ${row.first + n}, which the plan does not have`);
    return seat;
  });
}

/** Its position is that of its first seat; the zone's corner is taken off in `placeZone`. */
function writeRow(row: PlanRow, seats: readonly PlanSeat[], categoryOf: ReadonlyMap<string, string>): Row {
  const at = { x: toPixels(seats[0]?.x ?? 0), y: toPixels(seats[0]?.y ?? 0) };
  return {
    row_number: row.label,
    position: at,
    seats: seats.map(({ id, label, x, y, tier }) => ({
      ...{ seat_guid: id, seat_number: label, category: categoryOf.get(tier) ?? tier },
      position: { x: toPixels(x) - at.x, y: toPixels(y) - at.y }
    }))
  };
}

function placeZone(id: string, name: string, rows: readonly Row[]): PretixZone {
  // A plan may have rows by the thousand: no spread of them into Math.min's arguments.
  const least = (of: (at: Point) => number) => rows.reduce((so, row) => Math.min(so, of(row.position)), Infinity);
  const [x, y] = rows.length > 0 ? [least((at) => at.x), least((at) => at.y)] : [0, 0];
  const placed = rows.map((row) => ({ ...row, position: { x: row.position.x - x, y: row.position.y - y } }));
  return { name, zone_id: id, position: { x, y }, rows: placed, areas: [] };
}

/** The stage first, then the standing areas. */
function draw(plan: Plan): PretixArea[] {
  const stage = drawArea(uuidFrom('stage'), plan.stage.label, plan.stage.outline, plan.focus, '#e8e2d8');
  const areas = plan.areas.map(({ id, name, outline, tier }) => {
    const ordinal = plan.tiers.find((each) => each.id === tier)?.ordinal ?? 1;
    return drawArea(uuidFrom(`area ${id}`), name, outline, plan.focus, TIER_COLORS[ordinal - 1] ?? TIER_COLORS[0]);
  });
  return [stage, ...areas];
}

function drawArea(
  uuid: string,
  words: string,
  outline: readonly [number, number][],
  focus: Point,
  color: string
): PretixArea {
  const points = outline.map(([x, y]) => ({ x: toPixels(x), y: toPixels(y) }));
  const at = points[0] ?? { x: toPixels(focus.x), y: toPixels(focus.y) };
  const own = points.map(({ x, y }) => ({ x: x - at.x, y: y - at.y }));
  const mean = (of: (point: Point) => number) =>
    Math.round(own.reduce((sum, point) => sum + of(point), 0) / Math.max(1, own.length));
  const text = { text: words, position: { x: mean(({ x }) => x), y: mean(({ y }) => y) }, size: 16, color: '#1d1923' };
  const look = { uuid, position: at, color, border_color: '#8b8395', rotation: 0 as const, text };
  return own.length === 0 ? { ...look, shape: 'text' } : { ...look, shape: 'polygon', polygon: { points: own } };
}
