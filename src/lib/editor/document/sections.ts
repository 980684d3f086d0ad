import type { DraftRow, PlanDraft } from '#domain/plan-draft/draft.ts';
import { freshId } from './ids.ts';
import type { Selection } from './selection.ts';
import { mapSome } from './sharing.ts';

export function addSection(draft: PlanDraft, name: string): { draft: PlanDraft; section: string } {
  const section = freshId();
  return { draft: { ...draft, sections: [...draft.sections, { id: section, name }] }, section };
}

export function renameSection(draft: PlanDraft, id: string, name: string): PlanDraft {
  const sections = mapSome(draft.sections, (section) =>
    section.id === id && section.name !== name ? { ...section, name } : section
  );
  return sections === draft.sections ? draft : { ...draft, sections };
}

/** Takes a section away; its rows go to `into`. The last section stays while it has rows. */
export function removeSection(draft: PlanDraft, id: string, into: string | null): PlanDraft {
  const other = draft.sections.find((section) => section.id === into && section.id !== id);
  const used = draft.rows.some(({ section }) => section === id);
  if (used && !other) return draft;
  return {
    ...draft,
    sections: draft.sections.filter((section) => section.id !== id),
    rows: other ? mapSome(draft.rows, (row) => (row.section === id ? { ...row, section: other.id } : row)) : draft.rows
  };
}

/** Puts the chosen seats into a section. Of a row that is chosen in part, the chosen part becomes a row of its own. */
export function setSection(draft: PlanDraft, { seats }: Selection, section: string): PlanDraft {
  if (!draft.sections.some(({ id }) => id === section)) return draft;
  let changed = false;
  const rows = draft.rows.flatMap((row): DraftRow[] => {
    if (row.section === section) return [row];
    const chosen = row.seats.filter(({ id }) => seats.has(id));
    if (chosen.length === 0) return [row];
    changed = true;
    if (chosen.length === row.seats.length) return [{ ...row, section }];
    const rest = row.seats.filter(({ id }) => !seats.has(id));
    return [
      { ...row, seats: rest },
      { ...row, id: freshId(), section, seats: chosen }
    ];
  });
  return changed ? { ...draft, rows } : draft;
}
