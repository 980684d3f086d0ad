import type { DraftArea, DraftRow, DraftTable, PlanDraft } from '#domain/plan-draft/draft.ts';
import { freshId } from './ids.ts';
import { freeRowNames, prepared, type Made } from './parts.ts';
import { rowsOf, select, type Selection } from './selection.ts';
import { move } from './transform.ts';

/** What was copied, as it was then. The stage is not copied: there is one. */
export interface Clip {
  rows: DraftRow[];
  tables: DraftTable[];
  areas: DraftArea[];
}

export function copy(draft: PlanDraft, chosen: Selection): Clip {
  return {
    rows: rowsOf(draft, chosen).map((row) => ({ ...row, seats: row.seats.filter(({ id }) => chosen.seats.has(id)) })),
    tables: draft.tables.filter(({ id }) => chosen.tables.has(id)),
    areas: draft.areas.filter(({ id }) => chosen.areas.has(id))
  };
}

export const placesIn = ({ rows, areas }: Clip) =>
  rows.reduce((sum, { seats }) => sum + seats.length, 0) + areas.reduce((sum, { count }) => sum + count, 0);

/** Puts a copy beside where it came from: with ids of its own, and rows in the next free names of their sections. */
export function paste(draft: PlanDraft, clip: Clip, dx: number, dy: number): Made {
  if (clip.rows.length + clip.tables.length + clip.areas.length === 0) return { draft, made: select({}) };
  const ready = prepared(draft, {});
  const tiers = new Set(ready.draft.tiers.map(({ id }) => id));
  const sections = new Set(ready.draft.sections.map(({ id }) => id));
  const tier = (id: string) => (tiers.has(id) ? id : ready.tier);
  const tableIds = new Map(clip.tables.map(({ id }) => [id, freshId()]));
  const free = new Map<string, string[]>();
  const rows = clip.rows.map(({ table, ...row }): DraftRow => {
    const section = sections.has(row.section) ? row.section : ready.section;
    const at = table === undefined ? undefined : tableIds.get(table);
    const names = free.get(section) ?? freeRowNames(ready.draft, section, clip.rows.length);
    free.set(section, names);
    return {
      ...{ id: freshId(), section, label: at === undefined ? (names.shift() ?? row.label) : row.label },
      ...(at === undefined ? {} : { table: at }),
      seats: row.seats.map((seat) => ({ ...seat, id: freshId(), tier: tier(seat.tier) }))
    };
  });
  const tables = clip.tables.map((table) => ({ ...table, id: tableIds.get(table.id) ?? freshId() }));
  const areas = clip.areas.map((area) => ({ ...area, id: freshId(), tier: tier(area.tier) }));
  const made = select({
    seats: rows.flatMap(({ seats }) => seats.map(({ id }) => id)),
    tables: tables.map(({ id }) => id),
    areas: areas.map(({ id }) => id)
  });
  const next = {
    ...ready.draft,
    sections: rows.length > 0 ? ready.draft.sections : draft.sections,
    rows: [...draft.rows, ...rows],
    tables: [...draft.tables, ...tables],
    areas: [...draft.areas, ...areas]
  };
  return { draft: move(next, made, dx, dy), made };
}

export const duplicate = (draft: PlanDraft, chosen: Selection, dx: number, dy: number): Made =>
  paste(draft, copy(draft, chosen), dx, dy);
