import type { Plan, PlanArea, PlanRow, PlanSeat, PlanSection, SeatAttribute } from '#domain/plan.ts';
import type { Contents, ReadRow, ReadSeat } from './contents.ts';
import type { Findings } from './findings.ts';
import { toUnits } from './format.ts';
import type { Hall } from './hall.ts';
import type { Supplement } from './supplement.ts';

/** What two readings of a position may differ by: the supplement is believed within it, the file beyond it. */
const NEAR = 0.01;

type Built = Pick<Plan, 'capacity' | 'sections' | 'rows' | 'seats' | 'areas'> & { paths: Map<number, string> };

/** Sections, rows, seats and standing areas with their indexes: those of the supplement where it fits the file. */
export function assemble(
  contents: Contents,
  hall: Hall,
  supplement: Supplement | null,
  perUnit: number,
  found: Findings
): Built {
  const known = new Set(supplement?.sections);
  const zones = contents.zones.filter((zone) => zone.rows.length > 0 || known.has(zone.id));
  const sections: PlanSection[] = zones.map(({ id, name }) => ({ id, name }));
  const order = supplement && keptOrder(contents, hall, supplement);
  if (supplement && !order) {
    found.repair('supplement.rows', 'does not fit the file, which was changed since', 'all places numbered anew');
  }
  const numbered = order ?? newOrder(contents, found);
  const paths = new Map<number, string>();
  const refine = refiner(supplement);
  const rows: PlanRow[] = [];
  let seats: PlanSeat[] = [];
  for (const { section, first, row } of numbered) {
    rows.push({ section, label: row.label, first, count: row.seats.length });
    for (const [n, seat] of row.seats.entries()) {
      paths.set(first + n, `${row.path}.seats.${n}`);
      seats.push({ index: first + n, label: seat.label, tier: seat.tier, ...refine(seat, perUnit) });
    }
  }
  const seated = seats.length;
  let areas = hall.areas;
  if (order) seats = inOrder(seats, supplement?.order ?? null);
  else areas = numberAreas(areas, seated);
  const capacity = seated + areas.reduce((sum, { count }) => sum + count, 0);
  return { capacity, sections, rows, seats, areas, paths };
}

interface NumberedRow {
  section: string;
  first: number;
  row: ReadRow;
}

function newOrder({ zones }: Contents, found: Findings): NumberedRow[] {
  let first = 0;
  const numbered: NumberedRow[] = [];
  for (const { id, rows } of zones) {
    for (const row of rows) {
      if (row.seats.length === 0) found.repair(row.path, 'has no seats', 'left out');
      else numbered.push({ section: id, first, row });
      first += row.seats.length;
    }
  }
  return numbered;
}

const numberAreas = (areas: readonly PlanArea[], seated: number): PlanArea[] => {
  let first = seated;
  return areas.map((area) => {
    const numbered = { ...area, first };
    first += area.count;
    return numbered;
  });
};

/** The rows with the supplement's indexes, or null unless these name every row and every place exactly once. */
function keptOrder({ zones }: Contents, { areas }: Hall, supplement: Supplement): NumberedRow[] | null {
  const rowsOf = new Map(zones.map(({ id, rows }) => [id, rows]));
  const places = [...areas.map(({ first, count }) => [first, count] as const)];
  const numbered: NumberedRow[] = [];
  const seen = new Set<ReadRow>();
  for (const [section, n, first, count] of supplement.rows) {
    const row = rowsOf.get(section)?.[n];
    if (!row || seen.has(row) || row.seats.length !== count) return null;
    seen.add(row);
    places.push([first, count]);
    numbered.push({ section, first, row });
  }
  if (seen.size !== zones.reduce((sum, { rows }) => sum + rows.length, 0)) return null;
  if (areas.length !== supplement.areas.length) return null;
  let next = 0;
  for (const [first, count] of places.filter(([, count]) => count > 0).sort(([a], [b]) => a - b)) {
    if (first !== next) return null;
    next += count;
  }
  return next === supplement.capacity ? numbered : null;
}

/** The seats in the supplement's order, or by their index. */
function inOrder(seats: PlanSeat[], order: readonly number[] | null): PlanSeat[] {
  const byIndex = new Map(seats.map((seat) => [seat.index, seat]));
  const listed = (order ?? []).flatMap((index) => byIndex.get(index) ?? []);
  if (new Set(listed).size === seats.length) return listed;
  return seats.sort((a, b) => a.index - b.index);
}

/** A seat's id, its position in our units and its attributes, as exactly as the supplement knows them. */
function refiner(supplement: Supplement | null) {
  const attributes = new Map<string, SeatAttribute[]>();
  for (const group of supplement?.attributes ?? []) {
    for (const id of group.seats) attributes.set(id, group.attributes);
  }
  const exact = new Map(supplement?.exact.map(([id, x, y]) => [id, { x, y }]));
  return (seat: ReadSeat, perUnit: number) => {
    const read = { x: toUnits(seat.x, perUnit), y: toUnits(seat.y, perUnit) };
    const better = exact.get(seat.id);
    const isSame = better && Math.abs(better.x - read.x) <= NEAR && Math.abs(better.y - read.y) <= NEAR;
    const marks = attributes.get(seat.id);
    return { id: seat.id, ...(isSame ? better : read), ...(marks ? { attributes: [...marks] } : {}) };
  };
}
