import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan } from '#domain/plan.ts';
import type { SeatWish } from '#domain/protocol.ts';
import { allBlocks, anySale, house, mapOf, stalls } from '../../tests/drawn-house.ts';
import { closestEquivalents, insteadOfWish } from './alternatives.ts';
import { layOut } from './layout.ts';

describe('what is offered instead of seats that are gone', () => {
  it('are up to three blocks of as many seats, available, side by side and of the asked kind', () => {
    fc.assert(
      fc.property(anySale, ({ plan, taken, count }) => {
        const [asked] = allBlocks(plan, mapOf(plan, []), count, {});
        if (!asked) return;
        const gone = asked.slice(0, 1);
        const map = mapOf(plan, taken);
        const offers = closestEquivalents(layOut(plan), map, asked, gone);
        const possible = allBlocks(plan, mapOf(plan, [...taken, ...gone]), count, {}).map(String);
        expect(offers.length).toBeLessThanOrEqual(3);
        if (possible.length > 0) {
          expect(offers.length).toBeGreaterThan(0);
          for (const offer of offers) expect(possible).toContain(String(offer));
        }
        for (const seat of offers.flat()) {
          expect(taken.includes(seat) || gone.includes(seat)).toBe(false);
        }
        for (const offer of offers) expect(new Set(offer).size).toBe(count);
      }),
      { numRuns: 500 }
    );
  });

  const two = house([
    { seats: 'ssssssss', section: 'stalls', tier: 'gold' },
    { seats: 'ssssssss', section: 'stalls', tier: 'silver' },
    { seats: 'ssssssss', section: 'circle', tier: 'gold' }
  ]);
  const instead = (plan: Plan, taken: number[], asked: number[]) =>
    closestEquivalents(
      layOut(plan),
      mapOf(plan, taken),
      asked,
      asked.filter((seat) => taken.includes(seat))
    );

  it('are next to them', () => {
    expect(instead(stalls('ssssssss'), [3], [3, 4])[0]).toEqual([4, 5]);
    expect(instead(stalls('sssssssss'), [4], [4]).slice(0, 2)).toEqual([[3], [5]]);
  });

  it('are of the same tier before they are of the same section', () => {
    expect(instead(two, [0, 1, 2, 3, 4, 5, 6, 7], [3, 4])[0]).toEqual([19, 20]);
    expect(instead(two, [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23], [3, 4])[0]).toEqual([11, 12]);
  });

  it('are wheelchair places for wheelchair places', () => {
    expect(instead(stalls('wssssssw', 'ssssssss'), [0], [0, 1])).toEqual([[6, 7]]);
  });

  it('are in two blocks when nowhere so many are left together', () => {
    expect(instead(stalls('ssss', 'ss  ss'), [1], [0, 1, 2])).toEqual([[0, 2, 3]]);
  });

  it('are other places of a standing area', () => {
    const plan = house([{ seats: 'ss', section: 'stalls', tier: 'gold' }], 5);
    expect(instead(plan, [2], [2, 3])[0]).toEqual([3, 4]);
  });
});

describe('what is offered instead of a wish', () => {
  const rows = [
    { seats: 'ssss', section: 'stalls', tier: 'gold' },
    { seats: 'ssss', section: 'circle', tier: 'gold' },
    { seats: 'ssss', section: 'circle', tier: 'silver' }
  ];
  const offers = (taken: number[], wish: SeatWish) => {
    const plan = house(rows);
    return insteadOfWish(layOut(plan), mapOf(plan, taken), wish);
  };

  it('is another section of the tier, then the group in two, then fewer together', () => {
    expect(offers([1], { count: 3, section: 'stalls', tier: 'gold' })).toEqual([
      [4, 5, 6],
      [0, 2, 3],
      [2, 3]
    ]);
  });

  it('is another tier when nothing is left in the one asked for', () => {
    expect(offers([0, 1, 2, 3, 4, 5, 6, 7], { count: 4, tier: 'gold' })).toEqual([[8, 9, 10, 11]]);
  });

  it('is nothing when nothing is left', () => {
    expect(offers([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], { count: 2 })).toEqual([]);
  });
});
