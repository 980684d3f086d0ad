import { describe, expect, it } from 'vitest';
import { generatePlan, rowLabel, type HallSize } from './generate-plan.ts';
import { nameSeats, plan as planSchema } from './plan.ts';

const SIZES: HallSize[] = [120, 1350, 15_000, 100_000];

describe.each(SIZES)('the generated hall of %i', (size) => {
  const plan = generatePlan(size);

  it('has exactly its capacity, every place once', () => {
    expect(plan.capacity).toBe(size);
    const places = new Set(plan.seats.map((seat) => seat.index));
    for (const area of plan.areas) for (let n = 0; n < area.count; n++) places.add(area.first + n);
    expect(places.size).toBe(size);
    expect(new Set(plan.seats.map((seat) => seat.id)).size).toBe(plan.seats.length);
  });

  it('is a plan by the schema, and every place has a name and a tier', () => {
    expect(planSchema.safeParse(plan).success).toBe(true);
    const tiers = new Set(plan.tiers.map((tier) => tier.id));
    const names = nameSeats(plan);
    expect(names).toHaveLength(size);
    expect(names.filter((name) => !tiers.has(name.tier))).toEqual([]);
  });

  it('puts no two seats closer than 0.8, and none outside its frame', () => {
    const cells = new Map<string, { x: number; y: number }[]>();
    let nearest = Infinity;
    const { width, height } = plan.size;
    expect(plan.seats.filter(({ x, y }) => !(x >= 0 && y >= 0 && x <= width && y <= height))).toEqual([]);
    for (const { x, y } of plan.seats) {
      const [cx, cy] = [Math.floor(x), Math.floor(y)];
      for (let i = cx - 1; i <= cx + 1; i++) {
        for (let j = cy - 1; j <= cy + 1; j++) {
          for (const other of cells.get(`${i},${j}`) ?? []) {
            nearest = Math.min(nearest, Math.hypot(other.x - x, other.y - y));
          }
        }
      }
      const key = `${cx},${cy}`;
      cells.set(key, [...(cells.get(key) ?? []), { x, y }]);
    }
    expect(nearest).toBeGreaterThanOrEqual(0.8);
  });

  it('has places for wheelchairs with a companion beside them', () => {
    const marked = (attribute: string) => plan.seats.filter((seat) => seat.attributes?.includes(attribute as never));
    expect(marked('wheelchair').length).toBeGreaterThan(0);
    expect(marked('companion').length).toBe(marked('wheelchair').length);
  });
});

it('labels rows A to Z, then AA, AB', () => {
  expect([0, 25, 26, 27, 52].map(rowLabel)).toEqual(['A', 'Z', 'AA', 'AB', 'BA']);
});
