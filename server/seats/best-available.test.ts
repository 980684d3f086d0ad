import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generatePlan } from '#domain/generate-plan.ts';
import type { Plan } from '#domain/plan.ts';
import { allBlocks, anySale, house, mapOf, stalls } from '../../tests/drawn-house.ts';
import { candidateBlocks, longestRun, wrongWith } from './best-available.ts';
import { layOut } from './layout.ts';

const best = (plan: Plan, taken: number[], wish: Parameters<typeof candidateBlocks>[2]) =>
  candidateBlocks(layOut(plan), mapOf(plan, taken), wish);

describe('the best available seats', () => {
  it('are found whenever there are any, side by side, available and as asked for', () => {
    fc.assert(
      fc.property(anySale, ({ plan, taken, count, wish }) => {
        const map = mapOf(plan, taken);
        const blocks = candidateBlocks(layOut(plan), map, { count, ...wish });
        const possible = allBlocks(plan, map, count, wish).map(String);
        expect(blocks.length > 0).toBe(possible.length > 0);
        for (const block of blocks) expect(possible).toContain(String(block));
        expect(new Set(blocks.flat()).size).toBe(blocks.length * count);
        expect(longestRun(layOut(plan), map, { count, ...wish }) === count).toBe(possible.length > 0);
      }),
      { numRuns: 500 }
    );
  });

  it('leave no seat alone between others as long as one such block is there, and come nearest first', () => {
    fc.assert(
      fc.property(anySale, ({ plan, taken, count }) => {
        const map = mapOf(plan, taken);
        const [chosen] = candidateBlocks(layOut(plan), map, { count });
        if (!chosen) return;
        const free = new Set(allBlocks(plan, map, 1, {}).flat());
        const side = new Set(allBlocks(plan, map, 2, {}).map(String));
        const joined = (seat: number) => side.has(String([seat, seat + 1]));
        const strands = (block: number[]) => {
          const [first, last] = [block[0] ?? 0, block.at(-1) ?? 0];
          const before = joined(first - 1) && !joined(first - 2);
          const after = joined(last) && free.has(last + 1) && !joined(last + 1);
          return before || after;
        };
        const at = new Map(plan.seats.map((seat) => [seat.index, seat]));
        const far = (block: number[]) =>
          block.reduce((sum, seat) => sum + Math.hypot(at.get(seat)?.x ?? 0, (at.get(seat)?.y ?? 0) + 2), 0);
        const possible = allBlocks(plan, map, count, {});
        if (strands(chosen)) expect(possible.every(strands)).toBe(true);
        const rivals = possible.filter((block) => strands(block) === strands(chosen));
        expect(far(chosen)).toBeLessThanOrEqual(Math.min(...rivals.map(far)) + 1e-3);
      }),
      { numRuns: 500 }
    );
  });

  it('are in the middle of the first row while the house is empty', () => {
    expect(best(stalls('ssssssss', 'ssssssss'), [], { count: 2 })[0]).toEqual([3, 4]);
  });

  it('are found wherever they are in a long row that is sold out', () => {
    const plan = stalls('s'.repeat(40), 's'.repeat(41));
    for (let first = 0; first < 80; first++) {
      const taken = Array.from({ length: 81 }, (_, seat) => seat).filter((seat) => seat < first || seat > first + 1);
      expect(best(plan, taken, { count: 2 })).toEqual(first === 39 ? [] : [[first, first + 1]]);
    }
  });

  it('are never on both sides of an aisle', () => {
    expect(best(stalls('sss  sss'), [0, 5], { count: 2 })).toEqual([
      [1, 2],
      [3, 4]
    ]);
    expect(best(stalls('sss  sss'), [0, 1, 4, 5], { count: 2 })).toEqual([]);
  });

  it('go to a wheelchair only when one is asked for, and then have a place for it', () => {
    const plan = stalls('wssssssw');
    expect(best(plan, [2, 3, 4, 5], { count: 2 })).toEqual([]);
    expect(best(plan, [], { count: 2, accessible: true })).toEqual([
      [0, 1],
      [6, 7]
    ]);
  });

  it('are standing only for those who ask for the area or its tier', () => {
    const plan = house([{ seats: 'ss', section: 'stalls', tier: 'gold' }], 5);
    expect(best(plan, [0], { count: 2 })).toEqual([]);
    expect(best(plan, [3], { count: 2, area: 'floor' })).toEqual([
      [2, 4],
      [5, 6]
    ]);
    expect(best(plan, [], { count: 4, tier: 'standing' })).toEqual([[2, 3, 4, 5]]);
  });

  it('are at most 64 blocks and 200 seats, all of the best part of the house', () => {
    const plan = generatePlan(15_000);
    for (const [count, blocks] of [
      [1, 64],
      [2, 64],
      [4, 50],
      [50, 0]
    ] as const) {
      expect(best(plan, [], { count })).toHaveLength(blocks);
    }
  });

  it('names what the plan does not have', () => {
    const layout = layOut(stalls('sss'));
    expect(wrongWith(layout, { count: 1, tier: 'gold', section: 'stalls' })).toEqual([]);
    expect(wrongWith(layout, { count: 1, tier: 'lead', section: 'moon', area: 'sea' }).map(({ path }) => path)).toEqual(
      ['tier', 'section', 'area']
    );
  });
});
