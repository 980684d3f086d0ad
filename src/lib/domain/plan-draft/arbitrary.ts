import fc from 'fast-check';
import type { DraftArea, DraftRow, PlanDraft } from './draft.ts';

/** Drafts for property tests: any that could be published, with seats, tables and areas anywhere. */
const coordinate = fc.oneof(
  fc.integer({ min: -300, max: 300 }),
  fc.double({ min: -500, max: 500, noNaN: true, noDefaultInfinity: true })
);
const point = fc.tuple(coordinate, coordinate);
const outline = fc.array(point, { minLength: 3, maxLength: 6 });
const word = fc.string({ minLength: 1, maxLength: 6 }).filter((text) => text.trim() === text);

const TIERS = ['t1', 't2', 't3'];

export const anyDraft: fc.Arbitrary<PlanDraft> = fc
  .record({
    ...{ name: word, stage: fc.record({ label: word, outline }) },
    focus: fc.record({ x: coordinate, y: coordinate }),
    /** Seats of each row, and the section it is in. */
    rows: fc.array(fc.record({ seats: fc.integer({ min: 1, max: 6 }), section: fc.nat(2) }), { maxLength: 8 }),
    tiers: fc.array(fc.constantFrom(...TIERS), { minLength: 48, maxLength: 48 }),
    // Each seat has a cell of its own, so that none stands on another.
    cells: fc.uniqueArray(fc.integer({ min: 0, max: 9999 }), { minLength: 48, maxLength: 48 }),
    marks: fc.array(fc.subarray(['wheelchair', 'companion', 'restricted'] as const), { minLength: 48, maxLength: 48 }),
    areas: fc.array(fc.record({ count: fc.integer({ min: 1, max: 40 }), tier: fc.constantFrom(...TIERS), outline }), {
      maxLength: 3
    }),
    tables: fc.array(
      fc.record({
        ...{ label: word, shape: fc.constantFrom('round' as const, 'square' as const), x: coordinate, y: coordinate },
        ...{ width: fc.integer({ min: 1, max: 9 }), height: fc.integer({ min: 1, max: 9 }) },
        rotation: fc.integer({ min: -180, max: 180 })
      }),
      { maxLength: 3 }
    )
  })
  .filter(({ rows, areas }) => rows.length + areas.length > 0)
  .map((made): PlanDraft => {
    let n = 0;
    const rows = made.rows.map(({ seats, section }, r): DraftRow => {
      const row: DraftRow = { id: `r${r}`, section: `s${section}`, label: `R${r}`, seats: [] };
      for (let s = 0; s < seats; s++, n++) {
        const cell = made.cells[n] ?? 0;
        const marks = made.marks[n] ?? [];
        row.seats.push({
          ...{ id: `seat${n}`, label: String(s + 1), tier: made.tiers[n] ?? 't1' },
          ...{ x: (cell % 100) * 1.013 - 40, y: Math.floor(cell / 100) * 1.107 - 20 },
          ...(marks.length > 0 ? { attributes: marks } : {})
        });
      }
      return row;
    });
    const used = [...new Set(rows.map(({ section }) => section))];
    return {
      ...{ name: made.name, stage: made.stage, focus: made.focus, rows, background: null },
      tiers: TIERS.map((id, t) => ({ id, name: `Tier ${id}`, ordinal: t + 1 })),
      sections: used.map((id) => ({ id, name: `Section ${id}` })),
      tables: made.tables.map((table, t) => ({ id: `table${t}`, ...table })),
      areas: made.areas.map((area, a): DraftArea => ({ id: `area${a}`, name: `Area ${a}`, ...area }))
    };
  });
