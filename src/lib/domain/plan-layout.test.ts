import { expect, test } from 'vitest';
import { generatePlan } from './generate-plan.ts';
import { layOut, packLayout, unpackLayout } from './plan-layout.ts';
import type { Plan } from './plan.ts';

const sent = (plan: Plan) => unpackLayout(packLayout(layOut(plan)).slice().buffer);

test.each([120, 1350, 15_000] as const)('a plan of %i places arrives as it was laid out', (capacity) => {
  const plan = generatePlan(capacity);
  const [before, after] = [layOut(plan), sent(plan)];
  expect(after.plan).toEqual(before.plan);
  expect(after.plan).not.toHaveProperty('seats');
  expect(after.labels).toEqual(before.labels);
  expect(after.attributes).toEqual(before.attributes);
  expect([...after.labelOf]).toEqual([...before.labelOf]);
  expect([...after.tierOf]).toEqual([...before.tierOf]);
  let furthest = 0;
  for (const { index, x, y } of plan.seats) {
    furthest = Math.max(furthest, Math.abs((after.xs[index] ?? NaN) - x), Math.abs((after.ys[index] ?? NaN) - y));
  }
  expect(furthest).toBeLessThanOrEqual(0.0006);
});

test('places of standing areas have a tier and stand nowhere, and the seats after them keep their place', () => {
  const seat = (index: number, x: number) => ({ index, id: `s${index}`, label: 'é', x, y: -0.5, tier: 'b' });
  const plan: Plan = {
    ...generatePlan(120),
    ...{ capacity: 6, sections: [{ id: 'left', name: 'Left' }] },
    rows: [{ section: 'left', label: 'A', first: 0, count: 2 }],
    tiers: [
      { id: 'a', name: 'A', ordinal: 1 },
      { id: 'b', name: 'B', ordinal: 2 }
    ],
    seats: [seat(0, 1.25), { ...seat(1, 2.25), attributes: ['wheelchair', 'companion'] }, seat(5, -7.5)],
    areas: [{ id: 'pit', name: 'Pit', first: 2, count: 3, tier: 'b', outline: [] }]
  };
  const { xs, ys, tierOf, labels, labelOf, attributes } = sent(plan);
  expect([...xs]).toEqual([1.25, 2.25, NaN, NaN, NaN, -7.5]);
  expect([...ys]).toEqual([-0.5, -0.5, NaN, NaN, NaN, -0.5]);
  expect([...tierOf]).toEqual([1, 1, 1, 1, 1, 1]);
  expect([...labelOf].map((word) => labels[word])).toEqual(['é', 'é', '', '', '', 'é']);
  expect([...attributes]).toEqual([[1, ['wheelchair', 'companion']]]);
});
