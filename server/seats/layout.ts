import type { Plan, PlanRow, PlanSeat } from '#domain/plan.ts';
import type { SeatIndex } from '#domain/seat-map.ts';

/** Seats in a row between two aisles: whoever sits here has a neighbour's seat on each side, but at its ends. */
export interface Stretch extends Circle {
  section: string;
  first: SeatIndex;
  count: number;
  /** The index in `tiers` of its first seat. */
  tier: number;
  /** The least `badness` of its seats: a search from the best seats outwards may stop here. */
  best: number;
}

/** Around a stretch or a section: what lies further away than others need not be looked at seat by seat. */
export interface Circle {
  x: number;
  y: number;
  radius: number;
}

export interface Section extends Circle {
  stretches: Stretch[];
}

export interface StandingArea {
  id: string;
  tier: number;
  first: SeatIndex;
  count: number;
}

/**
 * A seating plan laid out for choosing seats: flat arrays by seat index, made once for each plan, so that a choice
 * among 100,000 seats reads numbers and makes no objects.
 */
export interface Layout {
  capacity: number;
  tiers: readonly string[];
  sections: ReadonlyMap<string, Section>;
  /** The best ones first. */
  stretches: readonly Stretch[];
  areas: readonly StandingArea[];
  xs: Float32Array;
  ys: Float32Array;
  /** How far a seat is from where the eyes go; a restricted view counts as further away. */
  badness: Float32Array;
  tierOf: Uint8Array;
  wheelchair: Uint8Array;
  /** The seat beside a wheelchair place: sold to others last. */
  companion: Uint8Array;
  /** The index in `stretches` + 1; 0 for standing places. */
  stretchOf: Uint32Array;
}

/** A gap this many times the usual one of its row is an aisle: neighbours do not sit on both sides of it. */
const AISLE = 1.6;
/** A seat that sees only a part of the stage is as good as one this many times as far away. */
const RESTRICTED = 1.3;
const COMPANION = 1.3;

export function layOut(plan: Plan): Layout {
  const { capacity } = plan;
  const xs = new Float32Array(capacity).fill(NaN);
  const ys = new Float32Array(capacity).fill(NaN);
  const [badness, stretchOf] = [new Float32Array(capacity), new Uint32Array(capacity)];
  const [tierOf, wheelchair, companion] = [1, 2, 3].map(() => new Uint8Array(capacity)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array
  ];
  const tiers = plan.tiers.map(({ id }) => id);
  const tierIndex = new Map(tiers.map((id, n) => [id, n]));
  const place = ({ index, x, y, tier, attributes = [] }: PlanSeat) => {
    xs[index] = x;
    ys[index] = y;
    tierOf[index] = tierIndex.get(tier) ?? 0;
    if (attributes.includes('wheelchair')) wheelchair[index] = 1;
    if (attributes.includes('companion')) companion[index] = 1;
    badness[index] =
      Math.hypot(x - plan.focus.x, y - plan.focus.y) *
      (attributes.includes('restricted') ? RESTRICTED : 1) *
      (attributes.includes('companion') ? COMPANION : 1);
  };
  plan.seats.forEach(place);
  const stretches = plan.rows
    .flatMap((row) => splitAtAisles(row, xs, ys))
    .map(({ section, first, count }) => {
      const best = badness.subarray(first, first + count).reduce((least, each) => Math.min(least, each), Infinity);
      const circle = circleAround([...xs.subarray(first, first + count)], [...ys.subarray(first, first + count)]);
      return { section, first, count, tier: tierOf[first] ?? 0, best, ...circle };
    })
    .sort((a, b) => a.best - b.best || a.first - b.first);
  stretches.forEach(({ first, count }, n) => stretchOf.fill(n + 1, first, first + count));
  const sections = new Map(
    plan.sections.map(({ id }) => {
      const own = stretches.filter(({ section }) => section === id);
      const circle = circleAround(
        own.map(({ x }) => x),
        own.map(({ y }) => y),
        own.map(({ radius }) => radius)
      );
      return [id, { stretches: own, ...circle }];
    })
  );
  const areas = plan.areas.map(({ id, tier, first, count }) => ({ id, tier: tierIndex.get(tier) ?? 0, first, count }));
  for (const { first, count, tier } of areas) tierOf.fill(tier, first, first + count);
  return {
    ...{ capacity, tiers, sections, stretches, areas },
    ...{ xs, ys, badness, tierOf, wheelchair, companion, stretchOf }
  };
}

type Piece = Pick<PlanRow, 'section' | 'first' | 'count'>;

function splitAtAisles({ section, first, count }: PlanRow, xs: Float32Array, ys: Float32Array): Piece[] {
  const gaps = Array.from({ length: Math.max(0, count - 1) }, (_, n) =>
    Math.hypot((xs[first + n + 1] ?? NaN) - (xs[first + n] ?? NaN), (ys[first + n + 1] ?? NaN) - (ys[first + n] ?? NaN))
  );
  const usual = [...gaps].sort((a, b) => a - b)[(gaps.length - 1) >> 1] ?? 1;
  const pieces: Piece[] = [];
  let from = 0;
  for (let n = 1; n <= count; n++) {
    if (n < count && (gaps[n - 1] ?? 0) <= usual * AISLE) continue;
    pieces.push({ section, first: first + from, count: n - from });
    from = n;
  }
  return pieces;
}

/** A circle around points, or around circles. */
function circleAround(xs: readonly number[], ys: readonly number[], radii: readonly number[] = []): Circle {
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const [x, y] = [mean(xs), mean(ys)];
  const reach = xs.map((each, n) => Math.hypot(each - x, (ys[n] ?? y) - y) + (radii[n] ?? 0));
  return { x, y, radius: reach.reduce((most, each) => Math.max(most, each), 0) };
}
