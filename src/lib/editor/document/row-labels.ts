import type { DraftRow, PlanDraft } from '#domain/plan-draft/draft.ts';
import { centreOf, distance } from './geometry.ts';
import { mapSome } from './sharing.ts';

/** How rows are called: A, B, C …; the same without I and O, which look like 1 and 0; or 1, 2, 3 … */
export type RowScheme = 'letters' | 'letters-without-io' | 'numbers';

const ALPHABET: Record<Exclude<RowScheme, 'numbers'>, string> = {
  letters: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  'letters-without-io': 'ABCDEFGHJKLMNPQRSTUVWXYZ'
};

/** The nth name (from 0): A … Z, AA, AB … */
export function rowName(n: number, scheme: RowScheme): string {
  if (scheme === 'numbers') return String(n + 1);
  const letters = ALPHABET[scheme];
  const last = letters[n % letters.length] ?? '';
  return n < letters.length ? last : rowName(Math.floor(n / letters.length) - 1, scheme) + last;
}

/**
 * Names these rows, in each section anew, the row nearest to where the eyes go first (or last). `start` is how many
 * names are left out. Rows around tables keep the name of their table.
 */
export function labelRows(
  draft: PlanDraft,
  ids: ReadonlySet<string>,
  { scheme, from, start }: { scheme: RowScheme; from: 'front' | 'back'; start: number }
): PlanDraft {
  const sections = new Map<string, DraftRow[]>();
  for (const row of draft.rows) {
    if (!ids.has(row.id) || row.table !== undefined) continue;
    sections.set(row.section, [...(sections.get(row.section) ?? []), row]);
  }
  const names = new Map<string, string>();
  for (const rows of sections.values()) {
    const far = new Map(rows.map((row) => [row.id, distance(centreOf(row.seats), draft.focus)]));
    const ordered = rows.toSorted((a, b) => (far.get(a.id) ?? 0) - (far.get(b.id) ?? 0));
    if (from === 'back') ordered.reverse();
    ordered.forEach(({ id }, n) => names.set(id, rowName(n + start, scheme)));
  }
  return nameRows(draft, names);
}

export function nameRows(draft: PlanDraft, names: ReadonlyMap<string, string>): PlanDraft {
  const rows = mapSome(draft.rows, (row): DraftRow => {
    const label = names.get(row.id) ?? row.label;
    return label === row.label ? row : { ...row, label };
  });
  return rows === draft.rows ? draft : { ...draft, rows };
}
