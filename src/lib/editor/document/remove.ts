import type { DraftRow, PlanDraft } from '#domain/plan-draft/draft.ts';
import type { Selection } from './selection.ts';
import { keepSome, mapSome } from './sharing.ts';

/** Takes away what is chosen. A row without seats goes too; seats whose table goes stay where they are, as a row. */
export function remove(draft: PlanDraft, { seats, tables, areas, stage }: Selection): PlanDraft {
  const touched = mapSome(draft.rows, (row): DraftRow => {
    const kept = seats.size === 0 ? row.seats : keepSome(row.seats, ({ id }) => !seats.has(id));
    const { table, ...rest } = row;
    if (table !== undefined && tables.has(table)) return { ...rest, seats: kept };
    return kept === row.seats ? row : { ...row, seats: kept };
  });
  const rows = touched === draft.rows ? touched : keepSome(touched, (row) => row.seats.length > 0);
  const next = {
    ...draft,
    rows,
    tables: keepSome(draft.tables, ({ id }) => !tables.has(id)),
    areas: keepSome(draft.areas, ({ id }) => !areas.has(id)),
    stage: stage ? { ...draft.stage, outline: [] } : draft.stage
  };
  const same =
    rows === draft.rows && next.tables === draft.tables && next.areas === draft.areas && next.stage === draft.stage;
  return same ? draft : next;
}
