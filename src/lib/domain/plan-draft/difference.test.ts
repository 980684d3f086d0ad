import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generatePlan } from '#domain/generate-plan.ts';
import type { Plan } from '#domain/plan.ts';
import { anyDraft } from './arbitrary.ts';
import { compilePlan } from './compile.ts';
import { planDifference, seatMapping } from './difference.ts';
import type { PlanDraft } from './draft.ts';
import { draftFrom } from './from-plan.ts';

const club = generatePlan(120);
const NOTHING = { added: [], removed: [], renamed: [], retiered: [], moved: [] };

function changed(change: (draft: PlanDraft) => void): Plan {
  const draft = structuredClone(draftFrom(club));
  change(draft);
  return compilePlan(draft);
}

describe('the difference of two plans', () => {
  it('is nothing between a plan and itself, wherever it is drawn', () => {
    expect(planDifference(club, club)).toEqual(NOTHING);
    const moved = { ...club, seats: club.seats.map((seat) => ({ ...seat, x: seat.x + 7.5 })), areas: [] };
    expect(planDifference({ ...club, areas: [] }, moved)).toEqual(NOTHING);
  });

  it('names what was added, removed, renamed, put in another tier and moved', () => {
    const after = changed((draft) => {
      const [a, b] = draft.rows;
      a?.seats.pop();
      a?.seats.unshift({ id: 'new', label: '0', x: (a.seats[0]?.x ?? 0) - 40, y: 0, tier: 'floor' });
      if (b?.seats[0]) b.seats[0].label = '1a';
      if (b?.seats[1]) b.seats[1].tier = 'gallery';
      if (b?.seats[2]) b.seats[2].y += 0.2;
    });
    expect(planDifference(club, after)).toEqual({
      added: [{ id: 'new', name: 'Tables, row A, seat 0', places: 1 }],
      removed: [{ id: 'tables-A-12', name: 'Tables, row A, seat 12', places: 1 }],
      renamed: [{ id: 'tables-B-1', name: 'Tables, row B, seat 1a', before: 'Tables, row B, seat 1', places: 1 }],
      retiered: [{ id: 'tables-B-2', name: 'Tables, row B, seat 2', before: 'Tables', after: 'Gallery', places: 1 }],
      moved: [{ id: 'tables-B-3', name: 'Tables, row B, seat 3', places: 1 }]
    });
  });

  it('a renamed row renames all of its seats', () => {
    const after = changed(({ rows }) => Object.assign(rows[0] ?? {}, { label: 'AA' }));
    expect(planDifference(club, after).renamed).toHaveLength(12);
  });

  it('of a standing area it names how many places it has more or less', () => {
    const less = changed(({ areas }) => Object.assign(areas[0] ?? {}, { count: 21 }));
    expect(planDifference(club, less)).toEqual({
      ...NOTHING,
      removed: [{ id: 'standing', name: 'Dance floor, standing', places: 9 }]
    });
    expect(planDifference(less, club).added).toEqual([{ id: 'standing', name: 'Dance floor, standing', places: 9 }]);
  });
});

/** The same draft with rows shuffled, seats taken out and put in. */
const edited = fc.tuple(anyDraft, fc.infiniteStream(fc.nat(3)), fc.array(fc.nat(40))).map(([draft, luck, counts]) => {
  const dice = () => Number(luck.next().value);
  const rows = draft.rows
    .map((row) => ({ ...row, seats: row.seats.filter(() => dice() > 0) }))
    .map((row) => (dice() > 0 ? row : { ...row, seats: [...row.seats].reverse() }))
    .filter(({ seats }) => seats.length > 0);
  rows.sort(() => dice() - 1.5);
  const areas = draft.areas.map((area, n) => ({ ...area, count: counts[n] ?? area.count })).reverse();
  return { before: compilePlan(draft), after: compilePlan({ ...draft, rows, areas }) };
});

describe('the mapping from one plan to another', () => {
  it('takes every seat to the seat of the same id, no two to one, and the rest nowhere', () => {
    fc.assert(
      fc.property(edited, ({ before, after }) => {
        const mapping = seatMapping(before, after);
        expect(mapping).toHaveLength(before.capacity);
        const kept = [...mapping].filter((index) => index >= 0);
        expect(new Set(kept).size).toBe(kept.length);
        const idAfter = new Map(after.seats.map(({ index, id }) => [index, id]));
        for (const { id, index } of before.seats) {
          const is = mapping[index] ?? -1;
          if (after.seats.some((seat) => seat.id === id)) expect(idAfter.get(is)).toBe(id);
          else expect(is).toBe(-1);
        }
        for (const area of before.areas) {
          const now = after.areas.find(({ id }) => id === area.id);
          const places = mapping.slice(area.first, area.first + area.count);
          const expected = [...places.keys()].map((n) => (now && n < now.count ? now.first + n : -1));
          expect([...places]).toEqual(expected);
        }
      })
    );
  });

  it('loses as many places as the difference says', () => {
    fc.assert(
      fc.property(edited, ({ before, after }) => {
        const { added, removed } = planDifference(before, after);
        const sum = (list: { places: number }[]) => list.reduce((so, { places }) => so + places, 0);
        expect([...seatMapping(before, after)].filter((index) => index < 0)).toHaveLength(sum(removed));
        expect(before.capacity - sum(removed) + sum(added)).toBe(after.capacity);
      })
    );
  });
});
