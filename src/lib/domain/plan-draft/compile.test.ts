import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generatePlan, type HallSize } from '#domain/generate-plan.ts';
import { nameSeats, plan as planSchema, type Plan } from '#domain/plan.ts';
import { readPretix } from '#domain/pretix/read.ts';
import { writePretix } from '#domain/pretix/write.ts';
import { isRefusal } from '#domain/refusal.ts';
import { anyDraft } from './arbitrary.ts';
import { compilePlan } from './compile.ts';
import { planDraft } from './draft.ts';
import { draftFrom } from './from-plan.ts';

/** Where two plans begin to differ: the whole difference of two plans of 100,000 seats takes minutes to print. */
function firstDifference(one: Plan, other: Plan): unknown {
  const { seats: seatsOfOne, ...restOfOne } = one;
  const { seats: seatsOfOther, ...restOfOther } = other;
  expect(restOfOther).toStrictEqual(restOfOne);
  expect(seatsOfOther.length).toBe(seatsOfOne.length);
  const text = (seat: object | undefined) => JSON.stringify(Object.entries(seat ?? {}).sort());
  return seatsOfOne.find((seat, n) => text(seat) !== text(seatsOfOther[n]));
}

const again = (plan: Plan) => compilePlan(draftFrom(plan));

describe.each<HallSize>([120, 1350, 15_000, 100_000])('the hall of %i places', (size) => {
  const plan = generatePlan(size);

  it('comes back the same from a draft of it, and that draft can be saved', () => {
    expect(firstDifference(plan, again(plan))).toBeUndefined();
    expect(planDraft.safeParse(draftFrom(plan)).success).toBe(true);
  });

  it('comes back with every place from a pretix file, moved to the usual margin at most', () => {
    const { pretix, supplement } = writePretix(plan);
    const read = readPretix(JSON.parse(JSON.stringify(pretix)), { supplement: JSON.parse(JSON.stringify(supplement)) });
    if (isRefusal(read)) throw new Error(read.message);
    expect(firstDifference(read.plan, again(read.plan))).toBeUndefined();
  });
});

it('of an imported file, only the frame and what the format leaves open are put right', () => {
  const { pretix } = writePretix(generatePlan(1350));
  for (const zone of pretix.zones) zone.position.x += 250;
  const read = readPretix(JSON.parse(JSON.stringify(pretix)));
  if (isRefusal(read)) throw new Error(read.message);
  const compiled = again(read.plan);
  expect(compiled.seats.map(({ x, y }) => [x, y])).toEqual(
    read.plan.seats.map(({ x, y }) => [Math.round((x - 10) * 100) / 100, y])
  );
  expect(firstDifference(compiled, again(compiled))).toBeUndefined();
});

describe('any draft', () => {
  it('becomes a plan by the schema: every place has an index of its own, a name and a tier', () => {
    fc.assert(
      fc.property(anyDraft, (draft) => {
        expect(planDraft.safeParse(draft).error).toBeUndefined();
        const plan = compilePlan(draft);
        expect(planSchema.safeParse(plan).error).toBeUndefined();
        expect(plan.seats.map(({ index }) => index)).toEqual(plan.seats.map((_, n) => n));
        expect(plan.seats.map(({ id }) => id)).toEqual(draft.rows.flatMap(({ seats }) => seats.map(({ id }) => id)));
        expect(nameSeats(plan).filter(Boolean)).toHaveLength(plan.capacity);
      })
    );
  });

  it('starts at the margin, and compiled again it is the same plan', () => {
    fc.assert(
      fc.property(anyDraft, (draft) => {
        const plan = compilePlan(draft);
        const shapes = [plan.stage, ...plan.areas, ...(plan.tables ?? [])].flatMap(({ outline }) => outline);
        const points = [...plan.seats.map(({ x, y }) => [x, y] as const), ...shapes];
        expect(Math.min(...points.map(([x]) => x))).toBe(3);
        expect(Math.min(...points.map(([, y]) => y))).toBe(3);
        expect(Math.max(...points.map(([x]) => x))).toBeCloseTo(plan.size.width - 3, 6);
        const { tables: _, ...bare } = plan;
        const withoutTables = { ...draft, tables: [] };
        expect(again(compilePlan(withoutTables))).toStrictEqual(compilePlan(withoutTables));
        if (draft.tables.length === 0) expect(again(plan)).toStrictEqual(bare);
      })
    );
  });

  it('keeps its tables to the hundredth', () => {
    fc.assert(
      fc.property(anyDraft, (draft) => {
        const plan = compilePlan(draft);
        const tables = again(plan).tables ?? [];
        expect(tables.map(({ label }) => label)).toEqual(draft.tables.map(({ label }) => label));
        tables.forEach(({ outline }, t) =>
          outline.forEach(([x, y], n) => {
            const [oldX, oldY] = plan.tables?.[t]?.outline[n] ?? [NaN, NaN];
            expect(Math.hypot(x - oldX, y - oldY)).toBeLessThan(0.04);
          })
        );
      })
    );
  });

  it('may be without anything yet', () => {
    const empty = { label: '', outline: [] };
    const plan = compilePlan({
      ...{ name: 'New', tiers: [], stage: empty, focus: { x: 0, y: 0 }, sections: [], rows: [], tables: [], areas: [] },
      background: null
    });
    expect(plan).toMatchObject({ capacity: 0, size: { width: 6, height: 6 } });
  });
});
