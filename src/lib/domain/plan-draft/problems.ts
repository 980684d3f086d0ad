import { currentLocale } from '#domain/language.ts';
import * as m from '#domain/messages/compiled/plan_problems.js';
import { crowded } from './crowded.ts';
import { MOST_PLACES, type DraftRow, type PlanDraft } from './draft.ts';

/** What is wrong with a draft, and which things it is about, so that they can be shown. */
export interface Problem {
  /** A draft with errors cannot be published; a warning is for somebody to look at. */
  level: 'error' | 'warning';
  message: string;
  at: { rows?: string[]; seats?: string[]; areas?: string[]; tables?: string[]; sections?: string[] };
}

/** Seats nearer to each other than this (units) are one on the other: nobody could click the one they mean. */
export const NEAREST_SEATS = 0.5;
/** Of one kind no more are told one by one: nobody reads on, and a draft of 100,000 seats may have as many mistakes. */
const MOST_OF_A_KIND = 50;

/** Everything that is wrong with the draft, errors first; empty when it can be published and nothing is odd. */
export function draftProblems(draft: PlanDraft): Problem[] {
  const found = [
    ...sizeProblems(draft),
    ...idProblems(draft),
    ...namingProblems(draft),
    ...referenceProblems(draft),
    ...seatProblems(draft),
    ...areaProblems(draft),
    ...oddities(draft)
  ];
  return [...found.filter(({ level }) => level === 'error'), ...found.filter(({ level }) => level === 'warning')];
}

/** Whether a list of problems forbids publishing. */
export const hasErrors = (problems: readonly Problem[]) => problems.some(({ level }) => level === 'error');

type At = Problem['at'];
const error = (message: string, at: At = {}): Problem => ({ level: 'error', message, at });
const warning = (message: string, at: At = {}): Problem => ({ level: 'warning', message, at });

/** The first of `all`, and one problem for the others, which points at all of them. */
function atMost(all: Problem[], others: (count: number) => string): Problem[] {
  if (all.length <= MOST_OF_A_KIND) return all;
  const rest = all.slice(MOST_OF_A_KIND);
  const at: At = {};
  for (const key of ['rows', 'seats', 'areas', 'tables', 'sections'] as const) {
    const ids = rest.flatMap((problem) => problem.at[key] ?? []);
    if (ids.length > 0) at[key] = ids;
  }
  return [...all.slice(0, MOST_OF_A_KIND), { level: rest[0]?.level ?? 'error', message: others(rest.length), at }];
}

function sizeProblems(draft: PlanDraft): Problem[] {
  const seats = draft.rows.reduce((sum, row) => sum + row.seats.length, 0);
  const places = draft.areas.reduce((sum, area) => sum + area.count, seats);
  if (places === 0) return [error(m.no_place())];
  if (places <= MOST_PLACES) return [];
  return [error(m.too_many({ count: places, most: MOST_PLACES.toLocaleString(currentLocale()) }))];
}

/** What there is twice or more, each once. */
function twice<T>(values: Iterable<T>): Set<T> {
  const [seen, again] = [new Set<T>(), new Set<T>()];
  for (const value of values) (seen.has(value) ? again : seen).add(value);
  return again;
}

function* seatsOf(draft: PlanDraft) {
  for (const row of draft.rows) yield* row.seats;
}

function* idsOf(things: Iterable<{ id: string }>) {
  for (const { id } of things) yield id;
}

function idProblems(draft: PlanDraft): Problem[] {
  const kinds = [
    [m.same_seats, 'seats', seatsOf(draft)],
    [m.same_rows, 'rows', draft.rows],
    [m.same_tables, 'tables', draft.tables],
    [m.same_areas, 'areas', draft.areas],
    [m.same_sections, 'sections', draft.sections],
    [m.same_tiers, null, draft.tiers]
  ] as const;
  return kinds.flatMap(([says, key, things]) => {
    const ids = [...twice(idsOf(things))];
    if (ids.length === 0) return [];
    const some = ids.slice(0, 3).join(', ') + (ids.length > 3 ? ', …' : '');
    return [error(says({ ids: some }), key === null ? {} : { [key]: ids })];
  });
}

const isBlank = (text: string) => text.trim() === '';

function namingProblems(draft: PlanDraft): Problem[] {
  const found: Problem[] = [];
  if (isBlank(draft.name)) found.push(error(m.plan_nameless()));
  for (const { name, id } of draft.tiers) if (isBlank(name)) found.push(error(m.tier_nameless({ id })));
  const nameless = (key: keyof At, message: string, ids: string[]) => {
    if (ids.length > 0) found.push(error(message, { [key]: ids }));
  };
  const blank = (things: readonly { id: string; name: string }[]) => things.filter(({ name }) => isBlank(name));
  const unlabelled = (things: readonly { id: string; label: string }[]) => things.filter(({ label }) => isBlank(label));
  const ids = (things: readonly { id: string }[]) => things.map(({ id }) => id);
  nameless('sections', m.section_nameless(), ids(blank(draft.sections)));
  nameless('areas', m.area_nameless(), ids(blank(draft.areas)));
  nameless('rows', m.row_nameless(), ids(unlabelled(draft.rows)));
  nameless('tables', m.table_nameless(), ids(unlabelled(draft.tables)));
  nameless('seats', m.seat_nameless(), ids([...seatsOf(draft)].filter(({ label }) => isBlank(label))));
  return [...found, ...sameRows(draft), ...atMost(sameSeats(draft), (count) => m.in_more_rows({ count }))];
}

/** Two rows of a section with one label: tickets of both would say the same. */
function sameRows(draft: PlanDraft): Problem[] {
  const sections = new Map(draft.sections.map(({ id, name }) => [id, name]));
  const rows = new Map<string, DraftRow[]>();
  for (const row of draft.rows) {
    const key = JSON.stringify([row.section, row.label.trim()]);
    const same = rows.get(key);
    if (same) same.push(row);
    else rows.set(key, [row]);
  }
  const found: Problem[] = [];
  for (const same of rows.values()) {
    const [row] = same;
    if (!row || same.length < 2 || isBlank(row.label)) continue;
    const where = sections.get(row.section) ?? row.section;
    found.push(
      error(m.rows_twice({ section: where, count: same.length, row: row.label }), { rows: same.map(({ id }) => id) })
    );
  }
  return atMost(found, (count) => m.more_rows_twice({ count }));
}

function sameSeats(draft: PlanDraft): Problem[] {
  return draft.rows.flatMap((row) => {
    const labels = twice(row.seats.map(({ label }) => label.trim()));
    labels.delete('');
    if (labels.size === 0) return [];
    const seats = row.seats.filter(({ label }) => labels.has(label.trim())).map(({ id }) => id);
    const which = [...labels].slice(0, 3).join(', ');
    return [error(m.seats_twice({ row: row.label, seats: which }), { rows: [row.id], seats })];
  });
}

function referenceProblems(draft: PlanDraft): Problem[] {
  const [tiers, sections, tables] = [draft.tiers, draft.sections, draft.tables].map((list) => new Set(idsOf(list)));
  const found: Problem[] = [];
  const say = (message: string, key: keyof At, ids: string[]) => {
    if (ids.length > 0) found.push(error(message, { [key]: ids }));
  };
  const unknown = (set: Set<string> | undefined, id: string) => !set?.has(id);
  const rows = (wrong: (row: DraftRow) => boolean) => draft.rows.filter(wrong).map(({ id }) => id);
  say(
    m.no_such_section(),
    'rows',
    rows(({ section }) => unknown(sections, section))
  );
  say(
    m.no_such_table(),
    'rows',
    rows(({ table }) => table !== undefined && unknown(tables, table))
  );
  const seats = [...seatsOf(draft)].filter(({ tier }) => unknown(tiers, tier)).map(({ id }) => id);
  say(m.no_such_tier(), 'seats', seats);
  const areas = draft.areas.filter(({ tier }) => unknown(tiers, tier)).map(({ id }) => id);
  say(m.no_such_area_tier(), 'areas', areas);
  say(
    m.rows_empty(),
    'rows',
    rows(({ seats }) => seats.length === 0)
  );
  const used = new Set(draft.rows.map(({ section }) => section));
  for (const { id, name } of draft.sections) {
    if (!used.has(id)) found.push(error(m.section_empty({ name }), { sections: [id] }));
  }
  return found;
}

function seatProblems(draft: PlanDraft): Problem[] {
  const near = crowded(seatsOf(draft), NEAREST_SEATS);
  if (near.length === 0) return [];
  return [
    error(m.too_near({ count: near.length, distance: NEAREST_SEATS.toLocaleString(currentLocale()) }), { seats: near })
  ];
}

function areaProblems({ areas }: PlanDraft): Problem[] {
  return areas.flatMap(({ id, name, count, outline }) => [
    ...(count === 0 ? [error(m.area_empty({ name }), { areas: [id] })] : []),
    ...(outline.length < 3 ? [error(m.area_shapeless({ name }), { areas: [id] })] : [])
  ]);
}

function oddities(draft: PlanDraft): Problem[] {
  const found: Problem[] = [];
  if (draft.stage.outline.length < 3) found.push(warning(m.no_stage()));
  const used = new Set(draft.areas.map(({ tier }) => tier));
  for (const { tier } of seatsOf(draft)) used.add(tier);
  for (const { id, name } of draft.tiers) {
    if (!used.has(id)) found.push(warning(m.tier_unused({ name })));
  }
  for (const name of twice(draft.sections.map((section) => section.name.trim()))) {
    const sections = draft.sections.filter((section) => section.name.trim() === name).map(({ id }) => id);
    if (name !== '') found.push(warning(m.sections_same({ name }), { sections }));
  }
  const alone = draft.rows.flatMap(({ seats }) =>
    seats.filter(
      (seat, n) =>
        seat.attributes?.includes('wheelchair') &&
        ![seats[n - 1], seats[n + 1]].some((beside) => beside?.attributes?.includes('companion'))
    )
  );
  if (alone.length > 0) {
    found.push(warning(m.wheelchair_alone({ count: alone.length }), { seats: alone.map(({ id }) => id) }));
  }
  return found;
}
