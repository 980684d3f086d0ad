import fc from 'fast-check';
import type { PlanDraft } from '#domain/plan-draft/draft.ts';
import { addArea, rectangle, setStage } from '../document/areas.ts';
import { align, distribute, type Edge } from '../document/arrange.ts';
import { changeBackground, removeBackground, setBackground } from '../document/background.ts';
import { duplicate } from '../document/copy.ts';
import { block, rowsBetween } from '../document/lines.ts';
import { setAttribute, setTier } from '../document/marks.ts';
import { addRows } from '../document/parts.ts';
import { remove } from '../document/remove.ts';
import { labelRows } from '../document/row-labels.ts';
import { lengthenRows, reshapeRows } from '../document/rows.ts';
import { numberSeats } from '../document/seat-labels.ts';
import { addSection, removeSection, renameSection, setSection } from '../document/sections.ts';
import { rowsOf, type Selection } from '../document/selection.ts';
import { addTable, changeTable } from '../document/tables.ts';
import { addTier, moveTier, removeTier, renameTier } from '../document/tiers.ts';
import { mirror, move, rotate } from '../document/transform.ts';

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
export const anyCommand: fc.Arbitrary<Command> = fc.oneof(
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
