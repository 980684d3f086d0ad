import type { Plan, PlanArea, PlanRow, PlanSeat, PlanSection, PlanTier, SeatAttribute } from './plan.ts';

/**
 * Seating plans of halls that do not exist: a club, a theatre, an arena and a stadium, each with an exact capacity.
 * Neighbours stand 1 apart along a row and indexes run along rows, so that changes next to each other code small.
 */
export type HallSize = 120 | 1350 | 15_000 | 100_000;

/** What is left free around a drawing. */
const MARGIN = 3;

interface RowSpec {
  section: string;
  label: string;
  tier: string;
  count: number;
  place: (n: number) => { x: number; y: number };
  attributes?: (n: number) => SeatAttribute[];
}

const round = (value: number) => Math.round(value * 100) / 100;

/** A, B, … Z, AA, AB, … */
export function rowLabel(n: number): string {
  return n < 26 ? String.fromCharCode(65 + n) : rowLabel(Math.floor(n / 26) - 1) + rowLabel(n % 26);
}

class Builder {
  readonly sections: PlanSection[] = [];
  readonly rows: PlanRow[] = [];
  readonly seats: PlanSeat[] = [];
  readonly areas: PlanArea[] = [];
  #next = 0;

  section(id: string, name: string): string {
    this.sections.push({ id, name });
    return id;
  }

  row({ section, label, tier, count, place, attributes }: RowSpec) {
    this.rows.push({ section, label, first: this.#next, count });
    for (let n = 0; n < count; n++) {
      const { x, y } = place(n);
      const index = this.#next++;
      const marks = attributes?.(n) ?? [];
      this.seats.push({
        ...{ index, id: `${section}-${label}-${n + 1}`, label: String(n + 1), x: round(x), y: round(y), tier },
        ...(marks.length > 0 ? { attributes: marks } : {})
      });
    }
  }

  area(id: string, name: string, count: number, tier: string, outline: [number, number][]) {
    this.areas.push({ id, name, first: this.#next, count, tier, outline });
    this.#next += count;
  }

  /** Moves everything so that the drawing starts at (MARGIN, MARGIN). */
  finish(name: string, tiers: PlanTier[], stage: { label: string; outline: [number, number][] }): Plan {
    const points: { x: number; y: number }[] = [...this.seats];
    for (const { outline } of [...this.areas, stage]) for (const [x, y] of outline) points.push({ x, y });
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const { x, y } of points) {
      left = Math.min(left, x);
      top = Math.min(top, y);
      right = Math.max(right, x);
      bottom = Math.max(bottom, y);
    }
    const [dx, dy] = [MARGIN - left, MARGIN - top];
    const move = ([x, y]: [number, number]): [number, number] => [round(x + dx), round(y + dy)];
    for (const seat of this.seats) [seat.x, seat.y] = move([seat.x, seat.y]);
    return {
      name,
      capacity: this.#next,
      size: { width: round(right - left + 2 * MARGIN), height: round(bottom - top + 2 * MARGIN) },
      focus: { x: round(dx), y: round(dy) },
      stage: { label: stage.label, outline: stage.outline.map(move) },
      tiers,
      sections: this.sections,
      rows: this.rows,
      seats: this.seats,
      areas: this.areas.map((area) => ({ ...area, outline: area.outline.map(move) }))
    };
  }
}

/** Wheelchair places with a companion beside them at both ends of a row. */
const accessible =
  (count: number) =>
  (n: number): SeatAttribute[] =>
    n === 0 || n === count - 1 ? ['wheelchair'] : n === 1 || n === count - 2 ? ['companion'] : [];

/** The ends of rows under a balcony or behind a pillar see only a part of the stage. */
const restricted =
  (count: number) =>
  (n: number): SeatAttribute[] =>
    n < 2 || n >= count - 2 ? ['restricted'] : [];

/** Places `count` seats about 1 apart on a circle around (0, centreY), opening downwards, with aisles between blocks. */
function arc(radius: number, centreY: number, count: number, aisles: readonly number[] = [], step = 1) {
  const gaps = (n: number) => aisles.filter((at) => n >= at).length * 1.6;
  const width = (count - 1) * step + aisles.length * 1.6;
  return (n: number) => {
    const angle = (n * step + gaps(n) - width / 2) / radius;
    return { x: radius * Math.sin(angle), y: centreY + radius * Math.cos(angle) };
  };
}

const curve = (half: number, y: number, bend: number): [number, number][] =>
  Array.from({ length: 13 }, (_, n) => {
    const x = -half + (2 * half * n) / 12;
    return [x, y + bend * (1 - (x / half) ** 2)];
  });

function club(): Plan {
  const build = new Builder();
  const floor = build.section('tables', 'Tables');
  const gallery = build.section('gallery', 'Gallery');
  for (let r = 0; r < 5; r++) {
    const count = 12;
    build.row({
      ...{ section: floor, label: rowLabel(r), tier: 'floor', count, place: arc(22 + r * 1.6, -16, count, [6]) },
      ...(r === 4 ? { attributes: accessible(count) } : {})
    });
  }
  for (let r = 0; r < 2; r++) {
    const count = 15;
    build.row({
      ...{ section: gallery, label: rowLabel(r), tier: 'gallery', count, place: arc(33 + r * 1.6, -16, count) },
      attributes: restricted(count)
    });
  }
  build.area('standing', 'Dance floor', 30, 'standing', [
    [-10, 1],
    [10, 1],
    [10, 4],
    [-10, 4]
  ]);
  return build.finish(
    'Club',
    [
      { id: 'floor', name: 'Tables', ordinal: 1 },
      { id: 'gallery', name: 'Gallery', ordinal: 2 },
      { id: 'standing', name: 'Standing', ordinal: 3 }
    ],
    { label: 'STAGE', outline: curve(9, -3, 1.5) }
  );
}

function theatre(): Plan {
  const build = new Builder();
  const centre = -24;
  let made = 0;
  const floor = (id: string, name: string, rows: number, radius: number, first: number, grow: number) => {
    build.section(id, name);
    for (let r = 0; r < rows; r++) {
      const count = first + r * grow;
      const third = Math.round(count / 3);
      build.row({
        ...{ section: id, label: rowLabel(r), tier: id, count },
        place: arc(radius + r * 1.35, centre, count, [third, count - third]),
        attributes: r === rows - 1 ? accessible(count) : id === 'balcony' ? restricted(count) : () => []
      });
      made += count;
    }
  };
  floor('stalls', 'Stalls', 16, 32, 24, 1);
  floor('circle', 'Circle', 11, 57, 38, 1);
  const left = 1350 - made;
  const rows = 9;
  build.section('balcony', 'Balcony');
  for (let r = 0; r < rows; r++) {
    const count = Math.floor(left / rows) + (r < left % rows ? 1 : 0);
    const third = Math.round(count / 3);
    build.row({
      ...{ section: 'balcony', label: rowLabel(r), tier: 'balcony', count },
      place: arc(76 + r * 1.35, centre, count, [third, count - third]),
      attributes: restricted(count)
    });
  }
  return build.finish(
    'Theatre',
    [
      { id: 'stalls', name: 'Stalls', ordinal: 1 },
      { id: 'circle', name: 'Circle', ordinal: 2 },
      { id: 'balcony', name: 'Balcony', ordinal: 3 }
    ],
    { label: 'STAGE', outline: curve(15, 1, 4) }
  );
}

interface Ring {
  id: string;
  name: string;
  tier: string;
  /** Numbered sections around the ring; the first one is at the top. */
  sections: number;
  firstNumber: number;
  rows: number;
  /** Half axes of the innermost row. */
  a: number;
  b: number;
}

/** The length of an ellipse's arc, walked in small steps: seats stand 1 apart whatever the curve. */
function walkEllipse(a: number, b: number, from: number, to: number, steps = 240) {
  const points: { at: number; x: number; y: number }[] = [];
  let length = 0;
  for (let n = 0; n <= steps; n++) {
    const angle = from + ((to - from) * n) / steps;
    const point = { x: a * Math.sin(angle), y: -b * Math.cos(angle) };
    const last = points.at(-1);
    if (last) length += Math.hypot(point.x - last.x, point.y - last.y);
    points.push({ at: length, ...point });
  }
  return { length, points };
}

function alongEllipse(a: number, b: number, from: number, to: number) {
  const { length, points } = walkEllipse(a, b, from, to);
  return {
    length,
    at(distance: number) {
      let n = 1;
      while (n < points.length - 1 && (points[n]?.at ?? 0) < distance) n++;
      const [p, q] = [points[n - 1], points[n]];
      if (!p || !q) return { x: 0, y: 0 };
      const part = q.at === p.at ? 0 : (distance - p.at) / (q.at - p.at);
      return { x: p.x + (q.x - p.x) * part, y: p.y + (q.y - p.y) * part };
    }
  };
}

/** Fills rings of numbered sections around a field until exactly `capacity` seats stand. */
function bowl(build: Builder, rings: readonly Ring[], capacity: number) {
  const wanted: { ring: Ring; section: number; row: number; fits: number; from: number; to: number }[] = [];
  for (const ring of rings) {
    for (let section = 0; section < ring.sections; section++) {
      const share = (2 * Math.PI) / ring.sections;
      for (let row = 0; row < ring.rows; row++) {
        const [a, b] = [ring.a + row * 1.1, ring.b + row * 1.1];
        const aisle = 1.2 / Math.min(a, b);
        const [from, to] = [(section - 0.5) * share + aisle, (section + 0.5) * share - aisle];
        const { length } = walkEllipse(a, b, from, to, 60);
        wanted.push({ ring, section, row, fits: Math.floor(length) + 1, from, to });
      }
    }
  }
  const room = wanted.reduce((sum, { fits }) => sum + fits, 0);
  if (room < capacity) throw new Error(`the bowl has room for ${room} seats, not ${capacity}`);
  let spare = room - capacity;
  wanted.forEach(({ ring, section, row, fits, from, to }, n) => {
    // Spread the surplus evenly: a seat fewer here and there, never an empty row.
    const less = Math.min(fits - 4, Math.round(spare / (wanted.length - n)));
    spare -= less;
    const count = fits - less;
    const id = `${ring.id}${ring.firstNumber + section}`;
    if (row === 0) build.section(id, `${ring.name} ${ring.firstNumber + section}`);
    const line = alongEllipse(ring.a + row * 1.1, ring.b + row * 1.1, from, to);
    const inset = (line.length - (count - 1)) / 2;
    build.row({
      ...{ section: id, label: rowLabel(row), tier: ring.tier, count, place: (k) => line.at(inset + k) },
      attributes: row === 0 ? accessible(count) : row === ring.rows - 1 ? restricted(count) : () => []
    });
  });
  if (spare !== 0) throw new Error(`${spare} seats too many`);
}

const rectangle = (x: number, y: number, w: number, h: number): [number, number][] => [
  [x, y],
  [x + w, y],
  [x + w, y + h],
  [x, y + h]
];

function arena(): Plan {
  const build = new Builder();
  const standing = 2000;
  bowl(
    build,
    [
      { id: 'L', name: 'Block', tier: 'lower', sections: 24, firstNumber: 101, rows: 18, a: 46, b: 34 },
      { id: 'U', name: 'Block', tier: 'upper', sections: 32, firstNumber: 201, rows: 23, a: 69, b: 57 }
    ],
    15_000 - standing
  );
  build.area('floor', 'Floor standing', standing, 'floor', rectangle(-20, -8, 40, 22));
  return build.finish(
    'Arena',
    [
      { id: 'floor', name: 'Floor standing', ordinal: 1 },
      { id: 'lower', name: 'Lower ring', ordinal: 2 },
      { id: 'upper', name: 'Upper ring', ordinal: 3 }
    ],
    { label: 'STAGE', outline: rectangle(-14, -22, 28, 10) }
  );
}

function stadium(): Plan {
  const build = new Builder();
  const standing = 12_000;
  bowl(
    build,
    [
      { id: 'L', name: 'Lower', tier: 'lower', sections: 40, firstNumber: 101, rows: 36, a: 110, b: 80 },
      { id: 'M', name: 'Club', tier: 'club', sections: 40, firstNumber: 201, rows: 22, a: 156, b: 126 },
      { id: 'U', name: 'Upper', tier: 'upper', sections: 56, firstNumber: 301, rows: 44, a: 187, b: 157 }
    ],
    100_000 - standing
  );
  build.area('pitch', 'Pitch standing', standing, 'pitch', rectangle(-70, -30, 140, 80));
  return build.finish(
    'Stadium',
    [
      { id: 'pitch', name: 'Pitch standing', ordinal: 1 },
      { id: 'club', name: 'Club ring', ordinal: 2 },
      { id: 'lower', name: 'Lower ring', ordinal: 3 },
      { id: 'upper', name: 'Upper ring', ordinal: 4 }
    ],
    { label: 'STAGE', outline: rectangle(-40, -62, 80, 24) }
  );
}

const HALLS: Record<HallSize, () => Plan> = { 120: club, 1350: theatre, 15_000: arena, 100_000: stadium };

export const generatePlan = (size: HallSize): Plan => HALLS[size]();
