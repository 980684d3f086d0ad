import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generatePlan, type HallSize } from '#domain/generate-plan.ts';
import { anyDraft } from './arbitrary.ts';
import { crowded } from './crowded.ts';
import type { DraftRow, DraftSeat, PlanDraft } from './draft.ts';
import { draftFrom } from './from-plan.ts';
import { draftProblems, hasErrors } from './problems.ts';

/** A draft of a small hall in which `change` has done something wrong, and the problems that it has now. */
function problemsAfter(change: (draft: PlanDraft, row: DraftRow, seat: DraftSeat) => void) {
  const draft = structuredClone(draftFrom(generatePlan(120)));
  const row = draft.rows[0];
  const seat = row?.seats[0];
  if (!row || !seat) throw new Error('the club has seats');
  change(draft, row, seat);
  return draftProblems(draft).map(({ level, message, at }) => [level, message, at] as const);
}

it.each<HallSize>([120, 1350, 15_000, 100_000])('the generated hall of %i has no problems', (size) => {
  expect(draftProblems(draftFrom(generatePlan(size)))).toEqual([]);
});

it('any draft that could be published has no errors', () => {
  fc.assert(
    fc.property(anyDraft, (draft) => {
      expect(hasErrors(draftProblems(draft))).toBe(false);
    })
  );
});

it('a draft without any place cannot be published', () => {
  const none = problemsAfter((draft) => Object.assign(draft, { rows: [], areas: [], sections: [], tiers: [] }));
  expect(none).toEqual([['error', 'There is no place yet: draw a row of seats or a standing area.', {}]]);
});

const cases: [string, (draft: PlanDraft, row: DraftRow, seat: DraftSeat) => void, ReturnType<typeof problemsAfter>][] =
  [
    [
      'too many places',
      ({ areas }) => Object.assign(areas[0] ?? {}, { count: 100_000 }),
      [['error', 'There are 100,090 places; a plan can have 100,000.', {}]]
    ],
    [
      'two seats with one id, in different rows',
      ({ rows }, _, seat) => Object.assign(rows[3]?.seats[4] ?? {}, { id: seat.id }),
      [['error', 'Some seats have the same id: tables-A-1', { seats: ['tables-A-1'] }]]
    ],
    [
      'two rows with one id',
      ({ rows }, row) => Object.assign(rows[3] ?? {}, { id: row.id }),
      [['error', 'Some rows have the same id: row-tables-A-1', { rows: ['row-tables-A-1'] }]]
    ],
    [
      'two seats of a row with one label',
      (_, row) => Object.assign(row.seats[1] ?? {}, { label: '1 ' }),
      [
        [
          ...['error', 'Row A has more than one seat 1.'],
          { rows: ['row-tables-A-1'], seats: ['tables-A-1', 'tables-A-2'] }
        ] as never
      ]
    ],
    [
      'two rows of a section with one label',
      ({ rows }) => Object.assign(rows[1] ?? {}, { label: 'A' }),
      [['error', 'Tables has 2 rows A.', { rows: ['row-tables-A-1', 'row-tables-B-1'] }]]
    ],
    ['a plan without a name', (draft) => (draft.name = ' '), [['error', 'The plan has no name.', {}]]],
    [
      'a seat without a label',
      (_, __, seat) => (seat.label = ''),
      [['error', 'A seat has no label.', { seats: ['tables-A-1'] }]]
    ],
    [
      'a row without a label',
      (_, row) => (row.label = ' '),
      [['error', 'A row has no label.', { rows: ['row-tables-A-1'] }]]
    ],
    [
      'a seat of no tier',
      (_, __, seat) => (seat.tier = 'vip'),
      [['error', 'Seats have a price tier that does not exist.', { seats: ['tables-A-1'] }]]
    ],
    [
      'a row in no section',
      (_, row) => (row.section = 'roof'),
      [['error', 'Rows are in a section that does not exist.', { rows: ['row-tables-A-1'] }]]
    ],
    [
      'a row around no table',
      (_, row) => (row.table = 'gone'),
      [['error', 'Rows stand around a table that does not exist.', { rows: ['row-tables-A-1'] }]]
    ],
    [
      'a row without seats',
      (_, row) => (row.seats = []),
      [['error', 'Rows have no seats.', { rows: ['row-tables-A-1'] }]]
    ],
    [
      'a section without rows',
      ({ sections }) => sections.push({ id: 'roof', name: 'Roof' }),
      [['error', 'The section Roof has no rows.', { sections: ['roof'] }]]
    ],
    [
      'a seat on another one',
      (_, row, seat) => Object.assign(seat, { x: (row.seats[1]?.x ?? 0) + 0.49, y: row.seats[1]?.y }),
      [['error', '2 seats stand less than 0.5 from another one.', { seats: ['tables-A-1', 'tables-A-2'] }]]
    ],
    [
      'an area that is nowhere, for nobody',
      ({ areas }) => Object.assign(areas[0] ?? {}, { count: 0, outline: [] }),
      [
        ['error', 'The standing area Dance floor has no places.', { areas: ['standing'] }],
        ['error', 'The standing area Dance floor has no outline.', { areas: ['standing'] }]
      ]
    ],
    [
      'a tier that nobody uses',
      ({ tiers }) => tiers.push({ id: 'box', name: 'Boxes', ordinal: 4 }),
      [['warning', 'No place has the price tier Boxes.', {}]]
    ],
    [
      'a wheelchair place alone',
      (_, __, seat) => (seat.attributes = ['wheelchair']),
      [['warning', 'A wheelchair place has no place for a companion beside it.', { seats: ['tables-A-1'] }]]
    ],
    ['no stage', ({ stage }) => (stage.outline = []), [['warning', 'The stage is not drawn.', {}]]],
    [
      'two sections with one name',
      ({ sections }) => Object.assign(sections[1] ?? {}, { name: 'Tables' }),
      [['warning', 'More than one section is called Tables.', { sections: ['tables', 'gallery'] }]]
    ]
  ];
it.each(cases)('tells of %s', (_, change, expected) => {
  expect(problemsAfter(change)).toEqual(expected);
});

describe('a large draft with a mistake in each row', () => {
  it('tells some one by one, and points at all the others at once', () => {
    const draft = draftFrom(generatePlan(15_000));
    for (const { seats } of draft.rows) if (seats[1]) seats[1].label = '1';
    const problems = draftProblems(draft);
    expect(problems).toHaveLength(51);
    expect(problems.at(-1)?.message).toBe(`In ${(draft.rows.length - 50).toLocaleString('en')} more rows as well.`);
    expect(problems.flatMap(({ at }) => at.rows)).toHaveLength(draft.rows.length);
  });
});

it('the seats that stand too near are those a look at every pair finds', () => {
  const seat = fc.record({
    x: fc.double({ min: -4, max: 4, noNaN: true }),
    y: fc.double({ min: -4, max: 4, noNaN: true })
  });
  fc.assert(
    fc.property(fc.array(seat, { maxLength: 40 }), (places) => {
      const seats = places.map((place, n) => ({ id: String(n), ...place }));
      const byPairs = seats.filter((one) =>
        seats.some((other) => other !== one && Math.hypot(one.x - other.x, one.y - other.y) < 0.5)
      );
      expect(crowded(seats, 0.5)).toEqual(byPairs.map(({ id }) => id));
    })
  );
});
