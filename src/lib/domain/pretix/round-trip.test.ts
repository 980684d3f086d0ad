import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generatePlan, type HallSize } from '#domain/generate-plan.ts';
import type { Plan, PlanSeat, SeatAttribute } from '#domain/plan.ts';
import { isRefusal } from '#domain/refusal.ts';
import { PIXELS_PER_UNIT, pretixFile } from './format.ts';
import { readPretix } from './read.ts';
import { writePretix } from './write.ts';

/** Through text, as a file goes. */
const asFile = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function back(plan: Plan, { alone = false } = {}) {
  const { pretix, supplement } = writePretix(plan);
  const read = readPretix(asFile(pretix), alone ? {} : { supplement: asFile(supplement) });
  if (isRefusal(read)) throw new Error(read.message);
  return read;
}

describe.each<HallSize>([120, 1350, 15_000, 100_000])('the hall of %i places', (size) => {
  const plan = generatePlan(size);

  it('comes back the same with its supplement, and nothing had to be repaired', () => {
    const read = back(plan);
    expect(read.repairs).toEqual([]);
    // Compared piece by piece: the difference of two plans of 100,000 seats takes minutes to print.
    const { seats } = read.plan;
    expect(withoutSeats(read.plan)).toStrictEqual(withoutSeats(plan));
    expect(seats.length).toBe(plan.seats.length);
    expect(seats.findIndex((seat, n) => JSON.stringify(sorted(seat)) !== JSON.stringify(sorted(plan.seats[n])))).toBe(
      -1
    );
  });

  it('keeps its seats, rows and tiers without the supplement, and loses only what the format cannot say', () => {
    const read = back(plan, { alone: true });
    const plain = ({ id, label, x, y }: PlanSeat) => `${id} ${label} ${x} ${y}`;
    expect(read.plan.seats.findIndex((seat, n) => plain(seat) !== plain(plan.seats[n] as PlanSeat))).toBe(-1);
    expect(read.plan.rows.map(({ section, label, count }) => [section, label, count])).toEqual(
      plan.rows.map(({ section, label, count }) => [section, label, count])
    );
    expect(read.plan.tiers.map(({ name, ordinal }) => [name, ordinal])).toEqual(
      plan.tiers.map(({ name, ordinal }) => [name, ordinal])
    );
    expect(read.plan.stage).toStrictEqual(plan.stage);
    expect(read.plan.areas).toEqual([]);
    expect(read.plan.capacity).toBe(plan.seats.length);
    expect(read.plan.seats.some(({ attributes }) => attributes)).toBe(false);
    expect(read.repairs.map(({ path }) => path.replace(/\d+/, 'n'))).toEqual(plan.areas.map(() => 'zones.n.areas.1'));
  });

  it('is written by the format', () => {
    expect(pretixFile.safeParse(asFile(writePretix(plan).pretix)).error).toBeUndefined();
  });
});

const withoutSeats = ({ seats: _seats, ...rest }: Plan) => rest;
const sorted = (value: object | undefined) => Object.entries(value ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));

it('every zone has its name, every row its position, and positions add up to where the seat stands', () => {
  const { pretix } = writePretix(generatePlan(1350));
  const { zones } = pretix;
  expect(zones.filter(({ name }) => name === '')).toEqual([]);
  const row = zones[1]?.rows[4];
  const seat = row?.seats[7];
  const original = generatePlan(1350).seats.find(({ id }) => id === seat?.seat_guid);
  expect((zones[1]?.position.x ?? 0) + (row?.position.x ?? 0) + (seat?.position.x ?? 0)).toBe(
    (original?.x ?? 0) * PIXELS_PER_UNIT
  );
  expect(row?.position.y).toBeGreaterThan(0);
});

it('two tiers of the same name stay two', () => {
  const plan = generatePlan(120);
  const twins = { ...plan, tiers: plan.tiers.map((tier) => ({ ...tier, name: 'Standard' })) };
  expect(back(twins).plan).toStrictEqual(twins);
});

it('what was edited in the file wins over the supplement', () => {
  const plan = generatePlan(120);
  const { pretix, supplement } = writePretix(plan);
  const [zone] = pretix.zones;
  const seat = zone?.rows[0]?.seats[0];
  if (!zone || !seat) throw new Error('the hall has seats');
  zone.name = 'Round tables';
  seat.position.x -= PIXELS_PER_UNIT;
  const read = readPretix(pretix, { supplement });
  if (isRefusal(read)) throw new Error(read.message);
  expect(read.plan.sections[0]).toEqual({ id: 'tables', name: 'Round tables' });
  expect(read.plan.seats[0]?.x).toBeCloseTo((plan.seats[0]?.x ?? 0) - 1, 2);
  expect(read.plan.areas).toEqual(plan.areas);
});

it('a file with a seat more than its supplement is numbered anew, and says so', () => {
  const plan = generatePlan(120);
  const { pretix, supplement } = writePretix(plan);
  pretix.zones[0]?.rows[0]?.seats.push({
    ...{ seat_guid: 'new', seat_number: '13', category: 'Tables' },
    position: { x: 400, y: 0 }
  });
  const read = readPretix(pretix, { supplement });
  if (isRefusal(read)) throw new Error(read.message);
  expect(read.plan.capacity).toBe(121);
  expect(read.plan.areas[0]).toMatchObject({ first: 91, count: 30 });
  expect(read.repairs.map(({ path }) => path)).toContain('supplement.rows');
});

const word = fc.string({ minLength: 1, maxLength: 8 }).map((text) => text.normalize());
const distinctWords = (minLength: number, maxLength: number) => fc.uniqueArray(word, { minLength, maxLength });
/** Coordinates of all kinds: in the grid, to the hundredth, and as an arithmetic left them. */
const coordinate = fc
  .oneof(
    fc.integer({ min: -40, max: 400 }),
    fc.integer({ min: -4000, max: 40_000 }).map((n) => n / 100),
    fc.double({ min: -500, max: 5000, noNaN: true })
  )
  .map((value) => value + 0);
const outline = fc.array(fc.tuple(coordinate, coordinate), { maxLength: 5 });
const marks = fc.option(fc.uniqueArray(fc.constantFrom<SeatAttribute>('wheelchair', 'companion', 'restricted')), {
  nil: undefined
});

const smallPlan: fc.Arbitrary<Plan> = fc
  .record({
    ...{ name: word, stageLabel: word, stageOutline: outline },
    tiers: distinctWords(1, 4),
    tierNames: fc.array(word, { minLength: 4, maxLength: 4 }),
    sections: distinctWords(1, 3),
    rows: fc.array(fc.tuple(fc.nat(2), word, fc.nat(5)), { minLength: 1, maxLength: 6 }),
    areas: fc.array(fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 50 }), outline), { maxLength: 2 }),
    seats: fc.array(fc.tuple(word, coordinate, coordinate, fc.nat(3), marks), { minLength: 40, maxLength: 40 }),
    ids: distinctWords(40, 40),
    ...{ focus: fc.record({ x: coordinate, y: coordinate }), shuffle: fc.boolean(), areasFirst: fc.boolean() },
    size: fc.record({ width: fc.double({ min: 1, max: 900, noNaN: true }), height: fc.integer({ min: 1, max: 900 }) })
  })
  .filter(({ rows }) => rows.some(([, , count]) => count > 0))
  .map((made): Plan => {
    const pick = <T>(list: readonly T[], n: number) => list[n % list.length] as T;
    const tiers = made.tiers.map((id, n) => ({ id, name: pick(made.tierNames, n), ordinal: (n % 5) + 1 }));
    let next = 0;
    const takeAreas = () =>
      made.areas.map(([tier, count, shape], n) => {
        const area = {
          id: `area${n}`,
          name: `Area ${n}`,
          first: next,
          count,
          tier: pick(tiers, tier).id,
          outline: shape
        };
        next += count;
        return area;
      });
    const before = made.areasFirst ? takeAreas() : [];
    const seats: PlanSeat[] = [];
    const rows = made.rows.map(([section, label, count]) => {
      const first = next;
      for (let n = 0; n < count; n++) {
        const [own, x, y, tier, attributes] = pick(made.seats, seats.length);
        const id = pick(made.ids, seats.length);
        const seat = { index: next++, id, label: own, x, y, tier: pick(tiers, tier).id };
        seats.push(attributes ? { ...seat, attributes } : seat);
      }
      return { section: pick(made.sections, section), label, first, count };
    });
    const areas = made.areasFirst ? before : takeAreas();
    return {
      ...{ name: made.name, capacity: next, size: { ...made.size }, focus: { ...made.focus }, tiers, rows, areas },
      stage: { label: made.stageLabel, outline: made.stageOutline },
      sections: made.sections.map((id) => ({ id, name: `Section ${id}` })),
      seats: made.shuffle ? seats.reverse() : seats
    };
  });

it('any plan comes back the same: rows interleaved, odd positions, seats in any order', () => {
  fc.assert(
    fc.property(smallPlan, (plan) => {
      expect(back(plan).plan).toStrictEqual(plan);
    }),
    { numRuns: 300 }
  );
});
