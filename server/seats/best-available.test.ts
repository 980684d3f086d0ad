import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generatePlan } from '#domain/generate-plan.ts';
import type { Plan, SeatAttribute } from '#domain/plan.ts';
import { newSeatMap, seatState, setSeatState } from '#domain/seat-map.ts';
import { closestEquivalents, insteadOfWish } from './alternatives.ts';
import { candidateBlocks, longestRun, wrongWith } from './best-available.ts';
import { layOut } from './layout.ts';

interface RowSpec {
  seats: string;
  section: string;
  tier: string;
}

/**
 * A small house drawn in letters, one string a row: `s` a seat, `w` a wheelchair place, a blank an aisle. The stage is
 * before the middle of the first row.
 */
function house(rows: readonly RowSpec[], standing = 0): Plan {
  let next = 0;
  const seats: Plan['seats'] = [];
  const planRows = rows.map(({ seats: letters, section, tier }, y) => {
    const first = next;
    [...letters].forEach((letter, x) => {
      if (letter === ' ') return;
      const attributes: SeatAttribute[] = letter === 'w' ? ['wheelchair'] : [];
      seats.push({
        index: next,
        id: String(next),
        label: String(next),
        x: x - (letters.length - 1) / 2,
        y,
        tier,
        attributes
      });
      next++;
    });
    return { section, label: String(y), first, count: next - first };
  });
  const tiers = [...new Set([...rows.map(({ tier }) => tier), 'standing'])];
  return {
    ...{ name: 'House', capacity: next + standing, size: { width: 30, height: 30 }, focus: { x: 0, y: -2 } },
    stage: { label: 'STAGE', outline: [] },
    tiers: tiers.map((id, n) => ({ id, name: id, ordinal: n + 1 })),
    sections: [...new Set(rows.map(({ section }) => section))].map((id) => ({ id, name: id })),
    ...{ rows: planRows, seats },
    areas:
      standing > 0 ? [{ id: 'floor', name: 'Floor', first: next, count: standing, tier: 'standing', outline: [] }] : []
  };
}
const stalls = (...rows: string[]) => house(rows.map((seats) => ({ seats, section: 'stalls', tier: 'gold' })));

function mapOf(plan: Plan, taken: Iterable<number>) {
  const map = newSeatMap(plan.capacity);
  for (const seat of taken) setSeatState(map, seat, 2);
  return map;
}
const best = (plan: Plan, taken: number[], wish: Parameters<typeof candidateBlocks>[2]) =>
  candidateBlocks(layOut(plan), mapOf(plan, taken), wish);

/** Every block that satisfies the wish, found the long way: from the drawing, not from the layout. */
function allBlocks(
  plan: Plan,
  map: Uint8Array,
  count: number,
  wish: { accessible?: boolean; tier?: string; section?: string }
) {
  const at = new Map(plan.seats.map((seat) => [seat.index, seat]));
  const blocks: number[][] = [];
  for (const row of plan.rows) {
    if (wish.section !== undefined && row.section !== wish.section) continue;
    for (let first = row.first; first + count <= row.first + row.count; first++) {
      const seats = Array.from({ length: count }, (_, n) => first + n);
      const together = seats.every((seat, n) => n === 0 || (at.get(seat)?.x ?? 0) - (at.get(seat - 1)?.x ?? 0) === 1);
      const wheelchairs = seats.filter((seat) => at.get(seat)?.attributes?.includes('wheelchair')).length;
      const allowed = wish.accessible ? wheelchairs > 0 : wheelchairs === 0;
      const right = seats.every(
        (seat) => seatState(map, seat) === 0 && (!wish.tier || at.get(seat)?.tier === wish.tier)
      );
      if (together && allowed && right) blocks.push(seats);
    }
  }
  return blocks;
}

// Each row has more seats side by side than aisles, so that one apart is the usual distance.
const letters = fc.array(fc.constantFrom('ss', 'sss', 'ws', 'ssss s', 'sss s'), { minLength: 1, maxLength: 4 });
const anyHouse = fc
  .array(
    fc.record({
      parts: letters,
      section: fc.constantFrom('stalls', 'circle'),
      tier: fc.constantFrom('gold', 'silver')
    }),
    {
      minLength: 1,
      maxLength: 6
    }
  )
  .map((rows) => house(rows.map(({ parts, ...row }) => ({ seats: parts.join(''), ...row }))));
const anySale = anyHouse.chain((plan) =>
  fc.record({
    plan: fc.constant(plan),
    taken: fc.subarray(plan.seats.map(({ index }) => index)),
    count: fc.integer({ min: 1, max: 5 }),
    wish: fc.record(
      {
        tier: fc.constantFrom(...new Set(plan.seats.map(({ tier }) => tier))),
        section: fc.constantFrom(...plan.sections.map(({ id }) => id)),
        accessible: fc.boolean()
      },
      { requiredKeys: [] }
    )
  })
);

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
  const offers = (taken: number[], wish: Parameters<typeof candidateBlocks>[2]) => {
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
