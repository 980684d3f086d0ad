import { standing } from '#domain/messages/compiled/seat.js';
import { nameSeats, type Plan } from '#domain/plan.ts';

/** A place as a person is told of it. A standing area is one entry, with the number of its places concerned. */
export interface NamedPlace {
  /** The seat's id, or the area's. */
  id: string;
  name: string;
  places: number;
}

export interface ChangedPlace extends NamedPlace {
  /** What `name` was in the plan before, or the tier. */
  before: string;
}

/** What became of the places. A seat with the same id is the same seat, whatever else is different about it. */
export interface PlanDifference {
  added: NamedPlace[];
  removed: NamedPlace[];
  /** `before` is the old name. */
  renamed: ChangedPlace[];
  /** `before` and `after` are the names of the tiers. */
  retiered: (ChangedPlace & { after: string })[];
  /** Elsewhere in the hall; that the whole drawing was moved counts for nothing. */
  moved: NamedPlace[];
}

interface Place {
  id: string;
  name: string;
  tier: string;
  places: number;
  /** Where a seat stands; the corners of an area. */
  at: Point[];
}

type Point = [number, number];

/** What is different in `after`, for a person to look at before it counts. */
export function planDifference(before: Plan, after: Plan): PlanDifference {
  const [was, is] = [placesOf(before), placesOf(after)];
  const [tiersWere, tiersAre] = [before, after].map(({ tiers }) => new Map(tiers.map(({ id, name }) => [id, name])));
  const offset = offsetOf(before, after);
  const found: PlanDifference = { added: [], removed: [], renamed: [], retiered: [], moved: [] };
  for (const kind of ['seats', 'areas'] as const) {
    for (const [id, old] of was[kind]) {
      const now = is[kind].get(id);
      const gone = old.places - (now?.places ?? 0);
      if (gone > 0) found.removed.push({ id, name: old.name, places: gone });
      if (!now) continue;
      const { name } = now;
      const stay = { id, name, places: Math.min(old.places, now.places) };
      if (gone < 0) found.added.push({ id, name, places: -gone });
      if (name !== old.name) found.renamed.push({ ...stay, before: old.name });
      if (now.tier !== old.tier) {
        const tiers = { before: tiersWere?.get(old.tier) ?? old.tier, after: tiersAre?.get(now.tier) ?? now.tier };
        found.retiered.push({ ...stay, ...tiers });
      }
      if (!isSamePlace(old.at, now.at, offset)) found.moved.push(stay);
    }
    for (const { id, name, places } of is[kind].values()) {
      if (!was[kind].has(id)) found.added.push({ id, name, places });
    }
  }
  return found;
}

/**
 * Where each place of `before` is in `after`: old index → new index, or −1 when it is gone. An area with fewer places
 * than before loses its last ones.
 */
export function seatMapping(before: Plan, after: Plan): Int32Array {
  const mapping = new Int32Array(before.capacity).fill(-1);
  const seats = new Map(after.seats.map(({ id, index }) => [id, index]));
  for (const { id, index } of before.seats) mapping[index] = seats.get(id) ?? -1;
  const areas = new Map(after.areas.map((area) => [area.id, area]));
  for (const { id, first, count } of before.areas) {
    const now = areas.get(id);
    for (let n = 0; n < Math.min(count, now?.count ?? 0); n++) mapping[first + n] = (now?.first ?? 0) + n;
  }
  return mapping;
}

function placesOf(plan: Plan): Record<'seats' | 'areas', Map<string, Place>> {
  const names = nameSeats(plan);
  const seats = new Map<string, Place>();
  for (const { id, index, x, y, tier } of plan.seats) {
    seats.set(id, { id, name: names[index]?.label ?? id, tier, places: 1, at: [[x, y]] });
  }
  const areas = new Map<string, Place>();
  for (const { id, name, count, tier, outline } of plan.areas) {
    areas.set(id, { id, name: standing({ section: name }), tier, places: count, at: outline });
  }
  return { seats, areas };
}

/** Coordinates are hundredths; what is nearer than that is arithmetic. */
const SAME = 0.005;

const isSamePlace = (was: Point[], is: Point[], [dx, dy]: Point) =>
  was.length === is.length &&
  was.every(([x, y], n) => {
    const [nowX, nowY] = is[n] ?? [NaN, NaN];
    return Math.abs(nowX - dx - x) < SAME && Math.abs(nowY - dy - y) < SAME;
  });

/**
 * By how much the drawing as a whole was moved: a seat added left of all others moves every coordinate, but no seat. It
 * is what most of the seats that are in both moved by.
 */
function offsetOf(before: Plan, after: Plan): Point {
  const old = new Map(before.seats.map((seat) => [seat.id, seat]));
  const votes = new Map<number, number>();
  for (const { id, x, y } of after.seats) {
    const was = old.get(id);
    if (!was) continue;
    const vote = Math.round((x - was.x) * 100) * WIDE + Math.round((y - was.y) * 100);
    votes.set(vote, (votes.get(vote) ?? 0) + 1);
  }
  // Without seats in common, the point that all look at.
  if (votes.size === 0) return [after.focus.x - before.focus.x, after.focus.y - before.focus.y];
  let [winner, most] = [0, 0];
  for (const [vote, count] of votes) if (count > most) [winner, most] = [vote, count];
  const dx = Math.round(winner / WIDE);
  return [dx / 100, (winner - dx * WIDE) / 100];
}

/** Two distances in one number: twice more than the hundredths that two points of a plan can be apart. */
const WIDE = 2 ** 26;
