import type { PlanDraft } from '#domain/plan-draft/draft.ts';
import { addRows } from '../document/parts.ts';
import { block } from '../document/lines.ts';

/** Drafts that the tests of the editor begin with. */
export const emptyDraft: PlanDraft = {
  ...{ name: 'Hall', tiers: [], stage: { label: 'STAGE', outline: [] }, focus: { x: 0, y: 0 } },
  ...{ sections: [], rows: [], tables: [], areas: [], background: null }
};

/** Straight rows 1 apart from (0, 5) on, two tiers and two sections; the seats are in the first of them. */
export function hall(rows: number, seats: number): PlanDraft {
  const ready: PlanDraft = {
    ...emptyDraft,
    tiers: [
      { id: 'gold', name: 'Gold', ordinal: 1 },
      { id: 'silver', name: 'Silver', ordinal: 2 }
    ],
    sections: [
      { id: 'stalls', name: 'Stalls' },
      { id: 'circle', name: 'Circle' }
    ]
  };
  const lines = block({ x: 0, y: 5 }, { x: seats - 1, y: 4 + rows }, { spacing: 1, gap: 1 });
  return rows > 0 ? addRows(ready, lines).draft : ready;
}

export const seatIds = (draft: PlanDraft) => draft.rows.flatMap(({ seats }) => seats.map(({ id }) => id));
export const rowIds = (draft: PlanDraft) => draft.rows.map(({ id }) => id);
