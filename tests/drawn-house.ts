import fc from 'fast-check';
import type { Plan, SeatAttribute } from '../src/lib/domain/plan.ts';
import { newSeatMap, seatState, setSeatState } from '../src/lib/domain/seat-map.ts';

/** Small houses drawn in letters, random ones, and the long way to find what may be sold in them. */
interface RowSpec {
  seats: string;
  section: string;
  tier: string;
}

/**
 * A small house drawn in letters, one string a row: `s` a seat, `w` a wheelchair place, a blank an aisle. The stage is
 * before the middle of the first row.
 */
export function house(rows: readonly RowSpec[], standing = 0): Plan {
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
export const stalls = (...rows: string[]) => house(rows.map((seats) => ({ seats, section: 'stalls', tier: 'gold' })));

export function mapOf(plan: Plan, taken: Iterable<number>) {
  const map = newSeatMap(plan.capacity);
  for (const seat of taken) setSeatState(map, seat, 2);
  return map;
}
/** Every block that satisfies the wish, found the long way: from the drawing, not from the layout. */
export function allBlocks(
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
    { minLength: 1, maxLength: 6 }
  )
  .map((rows) => house(rows.map(({ parts, ...row }) => ({ seats: parts.join(''), ...row }))));
export const anySale = anyHouse.chain((plan) =>
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
