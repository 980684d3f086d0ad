import type { PlanDraft } from '#domain/plan-draft/draft.ts';
import { boxOf, pointsOf, type Box } from './geometry.ts';
import { nothing, ofTable, rowsOf, select, type Selection } from './selection.ts';
import { move } from './transform.ts';

export type Edge = 'left' | 'centre' | 'right' | 'top' | 'middle' | 'bottom';

/** What moves as one: the chosen seats of a row, a table with its seats, an area, the stage. */
export function groupsOf(draft: PlanDraft, chosen: Selection): Selection[] {
  const seated = new Set<string>();
  const tables = [...chosen.tables].map((table) => {
    for (const row of draft.rows) if (row.table === table) seated.add(row.id);
    return ofTable(draft, table);
  });
  const rows = rowsOf(draft, chosen)
    .filter(({ id }) => !seated.has(id))
    .map(({ seats }) => select({ seats: seats.flatMap(({ id }) => (chosen.seats.has(id) ? [id] : [])) }));
  const areas = [...chosen.areas].map((id) => select({ areas: [id] }));
  return [...rows, ...tables, ...areas, ...(chosen.stage ? [{ ...nothing, stage: true }] : [])];
}

const boxes = (draft: PlanDraft, chosen: Selection) =>
  groupsOf(draft, chosen).flatMap((group) => {
    const box = boxOf(pointsOf(draft, group));
    return box ? [{ group, box }] : [];
  });

function offset(box: Box, all: Box, edge: Edge): [number, number] {
  switch (edge) {
    case 'left':
      return [all.left - box.left, 0];
    case 'right':
      return [all.right - box.right, 0];
    case 'centre':
      return [(all.left + all.right - box.left - box.right) / 2, 0];
    case 'top':
      return [0, all.top - box.top];
    case 'bottom':
      return [0, all.bottom - box.bottom];
    case 'middle':
      return [0, (all.top + all.bottom - box.top - box.bottom) / 2];
  }
}

export function align(draft: PlanDraft, chosen: Selection, edge: Edge): PlanDraft {
  const all = boxOf(pointsOf(draft, chosen));
  if (!all) return draft;
  return boxes(draft, chosen).reduce((now, { group, box }) => move(now, group, ...offset(box, all, edge)), draft);
}

/** Puts the middles at equal distances; the outermost stay where they are. */
export function distribute(draft: PlanDraft, chosen: Selection, axis: 'across' | 'along'): PlanDraft {
  const middle = ({ left, right, top, bottom }: Box) => (axis === 'across' ? (left + right) / 2 : (top + bottom) / 2);
  const ordered = boxes(draft, chosen).toSorted((a, b) => middle(a.box) - middle(b.box));
  const [first, last] = [ordered[0], ordered.at(-1)];
  if (!first || !last || ordered.length < 3) return draft;
  const [from, to] = [middle(first.box), middle(last.box)];
  return ordered.reduce((now, { group, box }, n) => {
    const by = from + ((to - from) * n) / (ordered.length - 1) - middle(box);
    return axis === 'across' ? move(now, group, by, 0) : move(now, group, 0, by);
  }, draft);
}
