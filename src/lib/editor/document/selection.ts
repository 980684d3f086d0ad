import type { PlanDraft } from '#domain/plan-draft/draft.ts';

/** What is chosen, by ids. A row is chosen by its seats. */
export interface Selection {
  seats: ReadonlySet<string>;
  tables: ReadonlySet<string>;
  areas: ReadonlySet<string>;
  stage: boolean;
}

const NONE: ReadonlySet<string> = new Set();
export const nothing: Selection = { seats: NONE, tables: NONE, areas: NONE, stage: false };

export const isEmpty = ({ seats, tables, areas, stage }: Selection) =>
  !stage && seats.size === 0 && tables.size === 0 && areas.size === 0;

export const select = (some: Partial<Record<'seats' | 'tables' | 'areas', Iterable<string>>>, stage = false) => ({
  ...{ seats: new Set(some.seats), tables: new Set(some.tables), areas: new Set(some.areas), stage }
});

export function union(a: Selection, b: Selection): Selection {
  return {
    seats: new Set([...a.seats, ...b.seats]),
    tables: new Set([...a.tables, ...b.tables]),
    areas: new Set([...a.areas, ...b.areas]),
    stage: a.stage || b.stage
  };
}

const without = (a: ReadonlySet<string>, b: ReadonlySet<string>) => new Set([...a].filter((id) => !b.has(id)));

export function difference(a: Selection, b: Selection): Selection {
  return {
    seats: without(a.seats, b.seats),
    tables: without(a.tables, b.tables),
    areas: without(a.areas, b.areas),
    stage: a.stage && !b.stage
  };
}

const covers = (a: ReadonlySet<string>, b: ReadonlySet<string>) => [...b].every((id) => a.has(id));
export const includes = (a: Selection, b: Selection) =>
  covers(a.seats, b.seats) && covers(a.tables, b.tables) && covers(a.areas, b.areas) && (a.stage || !b.stage);

/** Adds what was not chosen, or takes away what was: a click with Shift. */
export const toggled = (now: Selection, other: Selection) =>
  includes(now, other) ? difference(now, other) : union(now, other);

/** Only what the draft (still) has: after an undo some of the chosen may be gone. */
export function existing(draft: PlanDraft, now: Selection): Selection {
  if (isEmpty(now)) return now;
  const seats = new Set<string>();
  if (now.seats.size > 0) {
    for (const row of draft.rows) for (const { id } of row.seats) if (now.seats.has(id)) seats.add(id);
  }
  return {
    seats,
    tables: new Set(draft.tables.flatMap(({ id }) => (now.tables.has(id) ? [id] : []))),
    areas: new Set(draft.areas.flatMap(({ id }) => (now.areas.has(id) ? [id] : []))),
    stage: now.stage && draft.stage.outline.length > 0
  };
}

export function everything({ rows, tables, areas, stage }: PlanDraft): Selection {
  return select(
    {
      seats: rows.flatMap(({ seats }) => seats.map(({ id }) => id)),
      tables: tables.map(({ id }) => id),
      areas: areas.map(({ id }) => id)
    },
    stage.outline.length > 0
  );
}

/** The whole of each of these rows, and the table that they go around. */
export function ofRows({ rows }: PlanDraft, ids: ReadonlySet<string>): Selection {
  const chosen = rows.filter(({ id }) => ids.has(id));
  return select({
    seats: chosen.flatMap(({ seats }) => seats.map(({ id }) => id)),
    tables: chosen.flatMap(({ table }) => (table === undefined ? [] : [table]))
  });
}

/** A table with all that sit at it. */
export const ofTable = (draft: PlanDraft, table: string): Selection =>
  union(
    select({ tables: [table] }),
    ofRows(draft, new Set(draft.rows.filter((row) => row.table === table).map(({ id }) => id)))
  );

export const ofSection = (draft: PlanDraft, section: string): Selection =>
  ofRows(draft, new Set(draft.rows.filter((row) => row.section === section).map(({ id }) => id)));

export function ofTier({ rows, areas }: PlanDraft, tier: string): Selection {
  return select({
    seats: rows.flatMap(({ seats }) => seats.flatMap((seat) => (seat.tier === tier ? [seat.id] : []))),
    areas: areas.flatMap((area) => (area.tier === tier ? [area.id] : []))
  });
}

/** The rows of which at least one seat is chosen. */
export function rowsOf({ rows }: PlanDraft, { seats }: Selection) {
  return seats.size === 0 ? [] : rows.filter((row) => row.seats.some(({ id }) => seats.has(id)));
}
