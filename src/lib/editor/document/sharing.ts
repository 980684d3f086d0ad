import type { DraftRow, DraftSeat, PlanDraft } from '#domain/plan-draft/draft.ts';

/**
 * Changes that share what they do not touch: a step of one row in a hall of 15,000 seats costs one row of memory, and
 * whoever compares two drafts can stop where they are the same object.
 */

/** Like map, but answers the list itself when nothing in it has changed. */
export function mapSome<T>(list: T[], change: (item: T, n: number) => T): T[] {
  let changed: T[] | null = null;
  list.forEach((item, n) => {
    const next = change(item, n);
    if (next === item) return;
    changed ??= list.slice();
    changed[n] = next;
  });
  return changed ?? list;
}

/** Like filter, with the same promise. */
export function keepSome<T>(list: T[], keep: (item: T) => boolean): T[] {
  const kept = list.filter(keep);
  return kept.length === list.length ? list : kept;
}

export function changeRows(draft: PlanDraft, change: (row: DraftRow) => DraftRow): PlanDraft {
  const rows = mapSome(draft.rows, change);
  return rows === draft.rows ? draft : { ...draft, rows };
}

/** Changes the seats that are named, and no others. */
export function changeSeats(
  draft: PlanDraft,
  ids: ReadonlySet<string>,
  change: (seat: DraftSeat) => DraftSeat
): PlanDraft {
  if (ids.size === 0) return draft;
  return changeRows(draft, (row) => {
    const seats = mapSome(row.seats, (seat) => (ids.has(seat.id) ? change(seat) : seat));
    return seats === row.seats ? row : { ...row, seats };
  });
}

/** Positions are kept to a hundredth: what a field shows is what is stored. */
export const rounded = (value: number) => Math.round(value * 100) / 100 || 0;
