import * as m from '#domain/messages/compiled/editor.js';
import { currentLocale } from '#domain/language.ts';
import { MOST_PLACES, type PlanDraft } from '#domain/plan-draft/draft.ts';

const FAR = 100_000;
const MOST = { rows: 20_000, tables: 5000, areas: 200, sections: 1000 } as const;
const SAYS = { rows: m.most_rows, tables: m.most_tables, areas: m.most_areas, sections: m.most_sections } as const;

/** How many places there are: seats, and those of standing areas. */
export const placesOf = ({ rows, areas }: Pick<PlanDraft, 'rows' | 'areas'>) =>
  rows.reduce((sum, { seats }) => sum + seats.length, 0) + areas.reduce((sum, { count }) => sum + count, 0);

/** Why the draft cannot be so, in words, or null: what would be too large to store is not begun. */
export function overLimit(draft: PlanDraft, before: PlanDraft): string | null {
  if (placesOf(draft) > MOST_PLACES) return m.most_places({ most: MOST_PLACES.toLocaleString(currentLocale()) });
  for (const part of ['rows', 'tables', 'areas', 'sections'] as const) {
    if (draft[part].length > MOST[part]) return SAYS[part]({ most: MOST[part].toLocaleString(currentLocale()) });
  }
  const known = new Set(before.rows);
  const far = (x: number, y: number) => Math.abs(x) > FAR || Math.abs(y) > FAR;
  const strays =
    draft.rows.some((row) => !known.has(row) && row.seats.some(({ x, y }) => far(x, y))) ||
    draft.tables.some(({ x, y }) => far(x, y)) ||
    far(draft.focus.x, draft.focus.y) ||
    [...draft.areas, draft.stage].some(({ outline }) => outline.some(([x, y]) => far(x, y)));
  return strays ? m.too_far() : null;
}
