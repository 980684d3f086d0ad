import { describe, expect, test } from 'vitest';
import type { PlanDraft } from '#domain/plan-draft/draft.ts';
import { hall, rowIds, seatIds } from '../testing/drafts.ts';
import { addArea, rectangle, setStage } from './areas.ts';
import { align, distribute } from './arrange.ts';
import { copy, duplicate, paste } from './copy.ts';
import { boxOf, distance, inside, pointsOf } from './geometry.ts';
import { overLimit } from './limits.ts';
import { block, rowsBetween } from './lines.ts';
import { setAttribute, setTier } from './marks.ts';
import { remove } from './remove.ts';
import { labelRows, rowName } from './row-labels.ts';
import { reshaped, shapeOf } from './row-shape.ts';
import { lengthenRows, reshapeRows } from './rows.ts';
import { numberSeats, seatLabels } from './seat-labels.ts';
import { removeSection, setSection } from './sections.ts';
import { everything, ofRows, ofTable, select, toggled } from './selection.ts';
import { addTable, changeTable } from './tables.ts';
import { addTier, moveTier, removeTier } from './tiers.ts';
import { mirror, rotate } from './transform.ts';

const labels = (draft: PlanDraft, row = 0) => draft.rows[row]?.seats.map(({ label }) => label);
const xs = (draft: PlanDraft, row = 0) => draft.rows[row]?.seats.map(({ x }) => x);
const chosenRow = (draft: PlanDraft, n: number) => ofRows(draft, new Set([rowIds(draft)[n] ?? '']));

describe('numbering', () => {
  test('seats count from either side, by odd or even numbers, by letters, or outwards from the middle', () => {
    const from = (scheme: Partial<Parameters<typeof seatLabels>[1]>, count = 5) =>
      seatLabels(count, { kind: 'numbers', from: 'left', start: 1, ...scheme }).join(' ');
    expect(from({})).toBe('1 2 3 4 5');
    expect(from({ from: 'right', start: 101 })).toBe('105 104 103 102 101');
    expect(from({ kind: 'odd' })).toBe('1 3 5 7 9');
    expect(from({ kind: 'even' })).toBe('2 4 6 8 10');
    expect(from({ kind: 'letters', start: 2 })).toBe('B C D E F');
    expect(from({ from: 'middle' })).toBe('5 3 1 2 4');
    expect(from({ from: 'middle' }, 4)).toBe('3 1 2 4');
  });

  test('left is left for who looks at the plan, also in a row that was drawn from the right', () => {
    const draft = hall(1, 4);
    const turned = rotate(draft, everything(draft), 180);
    const numbered = numberSeats(turned, new Set(seatIds(turned)), { kind: 'numbers', from: 'left', start: 1 });
    expect(xs(numbered)).toEqual([3, 2, 1, 0]);
    expect(labels(numbered)).toEqual(['4', '3', '2', '1']);
  });

  test('rows are named from the stage or towards it, with or without I and O, in each section anew', () => {
    expect([7, 8, 13, 23, 24].map((n) => rowName(n, 'letters-without-io'))).toEqual(['H', 'J', 'P', 'Z', 'AA']);
    const draft = hall(3, 2);
    const ids = new Set(rowIds(draft));
    const named = (from: 'front' | 'back') =>
      labelRows(draft, ids, { scheme: 'numbers', from, start: 0 }).rows.map(({ label }) => label);
    expect(named('front')).toEqual(['1', '2', '3']);
    expect(named('back')).toEqual(['3', '2', '1']);
    const parted = setSection(draft, chosenRow(draft, 2), 'circle');
    expect(
      labelRows(parted, ids, { scheme: 'letters', from: 'front', start: 0 }).rows.map(({ label }) => label)
    ).toEqual(['A', 'B', 'A']);
  });
});

describe('the shape of a row', () => {
  test('bends and unbends around its middle; the distances of neighbours stay', () => {
    const straight = block({ x: 0, y: 0 }, { x: 9, y: 0 }, { spacing: 1, gap: 1 })[0] ?? [];
    const bent = reshaped(straight, { curve: 90 });
    for (let n = 1; n < bent.length; n++) {
      expect(distance(bent[n] ?? { x: 0, y: 0 }, bent[n - 1] ?? { x: 0, y: 0 })).toBeCloseTo(1, 6);
    }
    expect(shapeOf(bent).curve).toBeCloseTo(90, 4);
    // The ends come towards the stage, which is at the top.
    expect(bent[0]?.y).toBeLessThan(bent[5]?.y ?? 0);
    reshaped(bent, { curve: 0 }).forEach(({ x, y }, n) => {
      expect(x).toBeCloseTo(straight[n]?.x ?? NaN, 6);
      expect(y).toBeCloseTo(0, 6);
    });
  });

  test('an aisle stays as much wider as it was when the spacing changes', () => {
    const row = [0, 1, 2, 4, 5].map((x) => ({ x, y: 0 }));
    const gaps = reshaped(row, { spacing: 2 }).map(({ x }) => x);
    expect(gaps.slice(1).map((x, n) => Math.round((x - (gaps[n] ?? 0)) * 100) / 100)).toEqual([2, 2, 4, 2]);
  });

  test('rows drawn bent lie behind each other and end where they were drawn', () => {
    const rows = rowsBetween({ x: 0, y: 0 }, { x: 20, y: 0 }, { spacing: 1, gap: 1.5, rows: 3, curve: 60 });
    expect(rows).toHaveLength(3);
    expect(rows[0]?.[0]?.x).toBeGreaterThan(-0.6);
    const middles = rows.map((row) => Math.max(...row.map(({ y }) => y)));
    expect((middles[1] ?? 0) - (middles[0] ?? 0)).toBeCloseTo(1.5, 1);
    expect(rows[2]?.length ?? 0).toBeGreaterThan(rows[0]?.length ?? 0);
  });

  test('a longer row goes on at its end with the next numbers, a shorter one loses its last seats', () => {
    const draft = hall(1, 4);
    const ids = new Set(rowIds(draft));
    const longer = lengthenRows(draft, ids, 6);
    expect(xs(longer)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(labels(longer)).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(labels(lengthenRows(longer, ids, 2))).toEqual(['1', '2']);
    const odd = numberSeats(draft, new Set(seatIds(draft)), { kind: 'odd', from: 'left', start: 1 });
    expect(labels(lengthenRows(odd, ids, 5))?.at(-1)).toBe('9');
  });

  test('the angle of a row is turned to, not by', () => {
    const draft = hall(1, 3);
    const upright = reshapeRows(draft, new Set(rowIds(draft)), { angle: 90 });
    expect(xs(upright)).toEqual([1, 1, 1]);
    expect(reshapeRows(upright, new Set(rowIds(draft)), { angle: 90 })).toBe(upright);
  });
});

describe('arranging', () => {
  test('rows align by their edges and are put at equal distances', () => {
    const draft = hall(3, 4);
    const short = lengthenRows(draft, new Set([rowIds(draft)[1] ?? '']), 2);
    expect(xs(align(short, everything(short), 'right'), 1)).toEqual([2, 3]);
    expect(xs(align(short, everything(short), 'centre'), 1)).toEqual([1, 2]);
    const apart = {
      ...draft,
      rows: draft.rows.map((row, n) => ({
        ...row,
        seats: row.seats.map((seat) => ({ ...seat, y: [0, 1, 8][n] ?? 0 }))
      }))
    };
    expect(distribute(apart, everything(apart), 'along').rows.map(({ seats }) => seats[0]?.y)).toEqual([0, 4, 8]);
  });

  test('a mirrored row stands the other way round in the same place', () => {
    const draft = hall(1, 3);
    expect(xs(mirror(draft, everything(draft), 'across'))).toEqual([2, 1, 0]);
  });

  test('a table moves and turns with those who sit at it', () => {
    const { draft, made } = addTable(hall(0, 0), { x: 10, y: 10 }, { shape: 'square', seats: 6, spacing: 1 });
    expect(made.seats.size).toBe(6);
    const [table] = draft.tables;
    expect(ofTable(draft, table?.id ?? '').seats.size).toBe(6);
    const turned = changeTable(draft, table?.id ?? '', { rotation: 90 });
    const before = boxOf(draft.rows[0]?.seats ?? []);
    const after = boxOf(turned.rows[0]?.seats ?? []);
    expect((after?.right ?? 0) - (after?.left ?? 0)).toBeCloseTo((before?.bottom ?? 0) - (before?.top ?? 0), 1);
  });
});

describe('copies and what is taken away', () => {
  test('a copy has ids and row names of its own, and stands beside', () => {
    const draft = hall(2, 3);
    const { draft: twice, made } = duplicate(draft, everything(draft), 0, 4);
    expect(new Set(seatIds(twice)).size).toBe(12);
    expect(twice.rows.map(({ label }) => label)).toEqual(['A', 'B', 'C', 'D']);
    expect(boxOf(pointsOf(twice, made))).toEqual({ left: 0, right: 2, top: 9, bottom: 10 });
  });

  test('what was copied can be put into a plan that has neither its tier nor its section', () => {
    const draft = hall(1, 2);
    const clip = copy(draft, everything(draft));
    const other = {
      ...hall(0, 0),
      tiers: [{ id: 'only', name: 'Only', ordinal: 1 }],
      sections: [{ id: 'x', name: 'X' }]
    };
    const { draft: pasted } = paste(other, clip, 0, 0);
    expect(pasted.rows[0]).toMatchObject({ section: 'x', seats: [{ tier: 'only' }, { tier: 'only' }] });
  });

  test('a row without seats is gone; a table that goes leaves those who sat there', () => {
    const draft = hall(2, 3);
    expect(remove(draft, chosenRow(draft, 0)).rows).toHaveLength(1);
    const tabled = addTable(draft, { x: 0, y: 20 }, { shape: 'round', seats: 5, spacing: 1 }).draft;
    const left = remove(tabled, select({ tables: tabled.tables.map(({ id }) => id) }));
    expect(left.tables).toEqual([]);
    expect(left.rows[2]?.seats).toHaveLength(5);
    expect(left.rows[2]).not.toHaveProperty('table');
  });
});

describe('tiers, sections and marks', () => {
  test('a tier goes only when its places have another to go to; the order is the colour', () => {
    const draft = hall(1, 3);
    expect(removeTier(draft, 'gold', null)).toBe(draft);
    const left = removeTier(draft, 'gold', 'silver');
    expect(left.tiers).toEqual([{ id: 'silver', name: 'Silver', ordinal: 1 }]);
    expect(left.rows[0]?.seats.every(({ tier }) => tier === 'silver')).toBe(true);
    expect(moveTier(draft, 'silver', -1).tiers.map(({ id, ordinal }) => [id, ordinal])).toEqual([
      ['silver', 1],
      ['gold', 2]
    ]);
    const five = [1, 2, 3].reduce((now) => addTier(now, 'More'), draft);
    expect(addTier(five, 'Sixth')).toBe(five);
  });

  test('a section with rows goes only when they have another to go to; a part of a row becomes a row there', () => {
    const draft = hall(2, 4);
    expect(removeSection(draft, 'stalls', null)).toBe(draft);
    const ids = draft.rows[0]?.seats.slice(2).map(({ id }) => id) ?? [];
    const parted = setSection(draft, select({ seats: ids }), 'circle');
    expect(parted.rows.map(({ section, seats }) => [section, seats.length])).toEqual([
      ['stalls', 2],
      ['circle', 2],
      ['stalls', 4]
    ]);
    expect(removeSection(parted, 'circle', 'stalls').rows.every(({ section }) => section === 'stalls')).toBe(true);
  });

  test('an attribute is given and taken; without any there is no list', () => {
    const draft = hall(1, 2);
    const marked = setAttribute(draft, everything(draft), 'wheelchair', true);
    expect(marked.rows[0]?.seats[1]?.attributes).toEqual(['wheelchair']);
    expect(setAttribute(marked, everything(marked), 'wheelchair', false)).toEqual(draft);
    expect(setTier(draft, everything(draft), 'none')).toBe(draft);
  });
});

describe('the rest', () => {
  test('a click with Shift adds what is not chosen and takes away what is', () => {
    const [a, b] = [select({ seats: ['1', '2'] }), select({ seats: ['2'] })];
    expect([...toggled(a, b).seats]).toEqual(['1']);
    expect([...toggled(b, a).seats]).toEqual(['2', '1']);
  });

  test('a standing area makes no section, and the eyes go to the middle of a new stage', () => {
    const bare = { ...hall(0, 0), sections: [] };
    const { draft } = addArea(bare, rectangle({ x: 4, y: 3 }, { x: 0, y: 0 }), 80);
    expect(draft.sections).toEqual([]);
    expect(inside({ x: 1, y: 1 }, draft.areas[0]?.outline ?? [])).toBe(true);
    expect(setStage(draft, rectangle({ x: -4, y: -6 }, { x: 4, y: -2 })).draft.focus).toEqual({ x: 0, y: -4 });
  });

  test('what could not be stored is refused in words', () => {
    const draft = hall(1, 2);
    const { draft: crowd } = addArea(draft, rectangle({ x: 0, y: 0 }, { x: 1, y: 1 }), 100_000);
    expect(overLimit(draft, draft)).toBeNull();
    expect(overLimit(crowd, draft)).toMatch('100,000 places');
  });
});
