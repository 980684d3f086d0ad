import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planDraft, type PlanDraft } from '#domain/plan-draft/draft.ts';
import { anyCommand } from '../testing/any-command.ts';
import { emptyDraft, hall, rowIds } from '../testing/drafts.ts';
import { begin, commit, redo, STEPS, undo } from './history.ts';
import { overLimit } from './limits.ts';
import { everything, existing, ofRows, select, type Selection } from './selection.ts';
import { move } from './transform.ts';

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
