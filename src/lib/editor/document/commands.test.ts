import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planDraft, type PlanDraft } from '#domain/plan-draft/draft.ts';
import { emptyDraft, hall, rowIds } from '../testing/drafts.ts';
import { addArea, rectangle, setStage } from './areas.ts';
import { align, distribute, type Edge } from './arrange.ts';
import { changeBackground, removeBackground, setBackground } from './background.ts';
import { duplicate } from './copy.ts';
import { begin, commit, redo, STEPS, undo } from './history.ts';
import { overLimit } from './limits.ts';
import { block, rowsBetween } from './lines.ts';
import { setAttribute, setTier } from './marks.ts';
import { addRows } from './parts.ts';
import { remove } from './remove.ts';
import { labelRows } from './row-labels.ts';
import { lengthenRows, reshapeRows } from './rows.ts';
import { numberSeats } from './seat-labels.ts';
import { addSection, removeSection, renameSection, setSection } from './sections.ts';
import { everything, existing, ofRows, rowsOf, select, type Selection } from './selection.ts';
import { addTable, changeTable } from './tables.ts';
import { addTier, moveTier, removeTier, renameTier } from './tiers.ts';
import { mirror, move, rotate } from './transform.ts';

type Command = (draft: PlanDraft, chosen: Selection) => PlanDraft;

const at = fc.record({
  x: fc.double({ min: -50, max: 50, noNaN: true }),
  y: fc.double({ min: -50, max: 50, noNaN: true })
});
const distance = fc.double({ min: 0.4, max: 3, noNaN: true });
const bend = fc.double({ min: -300, max: 300, noNaN: true });
const nth = fc.nat({ max: 6 });
const rowSet = (draft: PlanDraft, chosen: Selection) => new Set(rowsOf(draft, chosen).map(({ id }) => id));

/** Every command of the editor, with anything it may be asked for. */
const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  fc.tuple(at, at, distance, distance).map(([a, b, spacing, gap]): Command => {
    return (draft) => addRows(draft, block(a, b, { spacing, gap }).slice(0, 5)).draft;
  }),
  fc.tuple(at, at, distance, bend, nth).map(([a, b, spacing, curve, rows]): Command => {
    return (draft) => addRows(draft, rowsBetween(a, b, { spacing, gap: 1.3, rows, curve })).draft;
  }),
  fc.tuple(at, fc.constantFrom('round' as const, 'square' as const), fc.nat({ max: 14 })).map(
    ([a, shape, seats]): Command =>
      (draft) =>
        addTable(draft, a, { shape, seats, spacing: 1 }).draft
  ),
  fc.tuple(at, at, nth).map(
    ([a, b, count]): Command =>
      (draft) =>
        addArea(draft, rectangle(a, b), count).draft
  ),
  fc.tuple(at, at).map(
    ([a, b]): Command =>
      (draft) =>
        setStage(draft, rectangle(a, b)).draft
  ),
  at.map(
    ({ x, y }): Command =>
      (draft, chosen) =>
        move(draft, chosen, x, y)
  ),
  bend.map(
    (by): Command =>
      (draft, chosen) =>
        rotate(draft, chosen, by)
  ),
  fc.constantFrom('across' as const, 'along' as const).map(
    (axis): Command =>
      (draft, chosen) =>
        mirror(draft, chosen, axis)
  ),
  fc.constantFrom<Edge>('left', 'centre', 'right', 'top', 'middle', 'bottom').map(
    (edge): Command =>
      (draft, chosen) =>
        align(draft, chosen, edge)
  ),
  fc.constantFrom('across' as const, 'along' as const).map(
    (axis): Command =>
      (draft, chosen) =>
        distribute(draft, chosen, axis)
  ),
  fc.constant<Command>((draft, chosen) => duplicate(draft, chosen, 1, 1).draft),
  fc.constant<Command>(remove),
  fc.tuple(distance, bend, bend).map(
    ([spacing, curve, angle]): Command =>
      (draft, chosen) =>
        reshapeRows(draft, rowSet(draft, chosen), { spacing, curve, angle })
  ),
  fc.nat({ max: 40 }).map(
    (count): Command =>
      (draft, chosen) =>
        lengthenRows(draft, rowSet(draft, chosen), count)
  ),
  fc
    .tuple(
      fc.constantFrom('numbers' as const, 'odd' as const, 'even' as const, 'letters' as const),
      fc.constantFrom('left' as const, 'right' as const, 'middle' as const),
      nth
    )
    .map(
      ([kind, from, start]): Command =>
        (draft, chosen) =>
          numberSeats(draft, chosen.seats, { kind, from, start })
    ),
  fc
    .tuple(
      fc.constantFrom('letters' as const, 'letters-without-io' as const, 'numbers' as const),
      fc.constantFrom('front' as const, 'back' as const),
      nth
    )
    .map(
      ([scheme, from, start]): Command =>
        (draft, chosen) =>
          labelRows(draft, rowSet(draft, chosen), { scheme, from, start })
    ),
  nth.map(
    (n): Command =>
      (draft, chosen) =>
        setTier(draft, chosen, draft.tiers[n]?.id ?? 'none')
  ),
  fc.tuple(fc.constantFrom('wheelchair' as const, 'companion' as const, 'restricted' as const), fc.boolean()).map(
    ([attribute, on]): Command =>
      (draft, chosen) =>
        setAttribute(draft, chosen, attribute, on)
  ),
  nth.map(
    (n): Command =>
      (draft) =>
        addSection(draft, `Section ${n}`).draft
  ),
  fc.tuple(nth, nth).map(
    ([n, m]): Command =>
      (draft) =>
        removeSection(draft, draft.sections[n]?.id ?? '', draft.sections[m]?.id ?? null)
  ),
  nth.map(
    (n): Command =>
      (draft) =>
        renameSection(draft, draft.sections[n]?.id ?? '', 'Renamed')
  ),
  nth.map(
    (n): Command =>
      (draft, chosen) =>
        setSection(draft, chosen, draft.sections[n]?.id ?? '')
  ),
  fc.constant<Command>((draft) => addTier(draft, 'New')),
  nth.map(
    (n): Command =>
      (draft) =>
        renameTier(draft, draft.tiers[n]?.id ?? '', 'Renamed')
  ),
  fc.tuple(nth, nth).map(
    ([n, m]): Command =>
      (draft) =>
        removeTier(draft, draft.tiers[n]?.id ?? '', draft.tiers[m]?.id ?? null)
  ),
  fc.tuple(nth, fc.constantFrom(-1 as const, 1 as const)).map(
    ([n, by]): Command =>
      (draft) =>
        moveTier(draft, draft.tiers[n]?.id ?? '', by)
  ),
  fc.tuple(nth, bend).map(
    ([n, rotation]): Command =>
      (draft) =>
        changeTable(draft, draft.tables[n]?.id ?? '', { rotation })
  ),
  at.map(
    (place): Command =>
      (draft) =>
        setBackground(draft, { id: 'p', width: 40, height: 30 }, { ...place, width: 20 })
  ),
  distance.map(
    (width): Command =>
      (draft) =>
        changeBackground(draft, { width })
  ),
  fc.constant<Command>(removeBackground)
);

const chosenOf = (draft: PlanDraft, seed: number): Selection => {
  if (seed % 3 === 0) return everything(draft);
  if (seed % 3 === 1) return ofRows(draft, new Set(rowIds(draft).filter((_, n) => (n + seed) % 2 === 0)));
  return select({
    seats: draft.rows.flatMap(({ seats }) => seats.flatMap(({ id }, n) => ((n * 7 + seed) % 5 < 2 ? [id] : []))),
    tables: draft.tables.flatMap(({ id }, n) => ((n + seed) % 2 === 0 ? [id] : []))
  });
};

const allIds = (draft: PlanDraft) => [
  ...draft.rows.flatMap(({ id, seats }) => [id, ...seats.map((seat) => seat.id)]),
  ...[...draft.tables, ...draft.areas, ...draft.sections, ...draft.tiers].map(({ id }) => id)
];

const steps = fc.array(fc.tuple(anyCommand, fc.nat()), { maxLength: 30 });
const starts = fc.constantFrom(emptyDraft, hall(3, 8));

describe('whatever is done to a plan', () => {
  test('ids stay unique, references stay whole, and the draft can be stored', () => {
    fc.assert(
      fc.property(starts, steps, (start, list) => {
        let draft = start;
        for (const [command, seed] of list) {
          const next = command(draft, chosenOf(draft, seed));
          if (overLimit(next, draft) !== null) continue;
          draft = next;
          const ids = allIds(draft);
          expect(new Set(ids).size).toBe(ids.length);
          expect(planDraft.safeParse(draft).error?.issues).toBeUndefined();
          const tiers = new Set(draft.tiers.map(({ id }) => id));
          const sections = new Set(draft.sections.map(({ id }) => id));
          const tables = new Set(draft.tables.map(({ id }) => id));
          for (const row of draft.rows) {
            expect(sections.has(row.section)).toBe(true);
            expect(row.table === undefined || tables.has(row.table)).toBe(true);
            expect(row.seats.length).toBeGreaterThan(0);
            for (const seat of row.seats) expect(tiers.has(seat.tier)).toBe(true);
          }
          for (const area of draft.areas) expect(tiers.has(area.tier)).toBe(true);
        }
      }),
      { numRuns: 150 }
    );
  });

  test('taking back every step gives the first draft, and doing them again the last', () => {
    fc.assert(
      fc.property(starts, steps, (start, list) => {
        let history = begin(start);
        for (const [command, seed] of list) {
          const chosen = chosenOf(history.now.draft, seed);
          const next = command(history.now.draft, chosen);
          history = commit(history, next, existing(next, chosen), 'step');
        }
        const last = history.now.draft;
        const done = history.past.length;
        for (let n = 0; n < done; n++) history = undo(history);
        expect(history.now.draft).toBe(start);
        for (let n = 0; n < done; n++) history = redo(history);
        expect(history.now.draft).toBe(last);
      }),
      { numRuns: 60 }
    );
  });

  test('fifty steps can be taken back, and no more', () => {
    let history = begin(hall(1, 3));
    for (let n = 1; n <= STEPS + 7; n++) {
      const { draft } = history.now;
      history = commit(history, move(draft, everything(draft), 1, 0), everything(draft), 'moved');
    }
    for (let n = 0; n < STEPS + 7; n++) history = undo(history);
    expect(history.now.draft.rows[0]?.seats[0]?.x).toBe(7);
    expect(redo(history).now.draft.rows[0]?.seats[0]?.x).toBe(8);
  });

  test('a change of one row leaves all other rows the same objects', () => {
    const before = hall(20, 30);
    const [row] = before.rows;
    const after = move(before, ofRows(before, new Set([row?.id ?? ''])), 2, 0);
    expect(after.rows.filter((one, n) => one !== before.rows[n])).toHaveLength(1);
  });
});
