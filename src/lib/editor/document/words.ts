import type { PlanDraft } from '#domain/plan-draft/draft.ts';
import { isEmpty, rowsOf, type Selection } from './selection.ts';

const counted = (count: number, one: string, many = `${one}s`) =>
  count === 0 ? [] : [`${count.toLocaleString('en')} ${count === 1 ? one : many}`];

/** `3 rows, 40 seats and 1 table`: what is chosen, for the panel and for who cannot see it. */
export function wordsFor(draft: PlanDraft, chosen: Selection): string {
  if (isEmpty(chosen)) return 'nothing';
  const rows = rowsOf(draft, chosen);
  const [row] = rows;
  const whole = rows.every(({ seats }) => seats.every(({ id }) => chosen.seats.has(id)));
  if (row && rows.length === 1 && chosen.tables.size + chosen.areas.size === 0 && !chosen.stage) {
    const seats = row.seats.filter(({ id }) => chosen.seats.has(id));
    if (seats.length === 1) return `row ${row.label}, seat ${seats[0]?.label ?? ''}`;
    return `row ${row.label}, ${seats.length} seats`;
  }
  const parts = [
    ...(whole && rows.length > 1 ? counted(rows.length, 'row') : []),
    ...counted(chosen.seats.size, 'seat'),
    ...counted(chosen.tables.size, 'table'),
    ...counted(chosen.areas.size, 'standing area'),
    ...(chosen.stage ? ['the stage'] : [])
  ];
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}
