import * as m from '#domain/messages/compiled/editor.js';
import type { DraftRow, DraftSeat, PlanDraft } from '#domain/plan-draft/draft.ts';
import type { Point } from './geometry.ts';
import { freshId } from './ids.ts';
import { rowName } from './row-labels.ts';
import { select, type Selection } from './selection.ts';
import { rounded } from './sharing.ts';

/** A draft with something new in it, and what that is. */
export interface Made {
  draft: PlanDraft;
  made: Selection;
}

/** Which section and tier new seats belong to; what is missing or gone means the first one there is. */
export interface Into {
  section?: string | null;
  tier?: string | null;
}

/** The draft with at least one section and tier, for new seats to belong to. */
export function prepared(draft: PlanDraft, into: Into): { draft: PlanDraft; section: string; tier: string } {
  const section = draft.sections.find(({ id }) => id === into.section) ?? draft.sections[0];
  const tier = draft.tiers.find(({ id }) => id === into.tier) ?? draft.tiers[0];
  const [newSection, newTier] = [
    { id: freshId(), name: m.stalls() },
    { id: freshId(), name: m.standard(), ordinal: 1 }
  ];
  return {
    draft:
      section && tier
        ? draft
        : {
            ...draft,
            sections: section ? draft.sections : [newSection],
            tiers: tier ? draft.tiers : [newTier]
          },
    section: (section ?? newSection).id,
    tier: (tier ?? newTier).id
  };
}

export const seatAt = ({ x, y }: Point, label: string, tier: string): DraftSeat => ({
  ...{ id: freshId(), label, x: rounded(x), y: rounded(y), tier }
});

/** The first row name of A, B, C … that no row of the section has, and those after it. */
export function freeRowNames(draft: PlanDraft, section: string, count: number): string[] {
  const taken = new Set(draft.rows.flatMap((row) => (row.section === section ? [row.label] : [])));
  const names: string[] = [];
  for (let n = 0; names.length < count; n++) {
    const name = rowName(n, 'letters');
    if (!taken.has(name)) names.push(name);
  }
  return names;
}

/** New rows with seats at these points, numbered from 1, in the section's next rows. */
export function addRows(draft: PlanDraft, lines: readonly (readonly Point[])[], into: Into = {}): Made {
  const ready = prepared(draft, into);
  const names = freeRowNames(ready.draft, ready.section, lines.length);
  const rows = lines.map((points, n): DraftRow => ({
    ...{ id: freshId(), section: ready.section, label: names[n] ?? '' },
    seats: points.map((point, k) => seatAt(point, String(k + 1), ready.tier))
  }));
  return {
    draft: { ...ready.draft, rows: [...ready.draft.rows, ...rows] },
    made: select({ seats: rows.flatMap(({ seats }) => seats.map(({ id }) => id)) })
  };
}
