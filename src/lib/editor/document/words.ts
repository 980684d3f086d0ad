import { currentLocale } from '#domain/language.ts';
import * as m from '#domain/messages/compiled/editor.js';
import type { PlanDraft } from '#domain/plan-draft/draft.ts';
import { isEmpty, rowsOf, type Selection } from './selection.ts';

type Counts = (of: { count: number }) => string;
const counted = (count: number, says: Counts) => (count === 0 ? [] : [says({ count })]);

/** `3 rows, 40 seats and 1 table`: what is chosen, for the panel and for who cannot see it. */
export function wordsFor(draft: PlanDraft, chosen: Selection): string {
  if (isEmpty(chosen)) return m.nothing();
  const rows = rowsOf(draft, chosen);
  const [row] = rows;
  const whole = rows.every(({ seats }) => seats.every(({ id }) => chosen.seats.has(id)));
  if (row && rows.length === 1 && chosen.tables.size + chosen.areas.size === 0 && !chosen.stage) {
    const seats = row.seats.filter(({ id }) => chosen.seats.has(id));
    if (seats.length === 1) return m.row_seat({ row: row.label, seat: seats[0]?.label ?? '' });
    return m.row_seats({ row: row.label, count: seats.length });
  }
  const parts = [
    ...(whole && rows.length > 1 ? counted(rows.length, m.rows_count) : []),
    ...counted(chosen.seats.size, m.seats_count),
    ...counted(chosen.tables.size, m.tables_count),
    ...counted(chosen.areas.size, m.areas_count),
    ...(chosen.stage ? [m.the_stage()] : [])
  ];
  return new Intl.ListFormat(currentLocale(), { type: 'conjunction' }).format(parts);
}
