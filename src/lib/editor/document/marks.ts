import type { PlanDraft } from '#domain/plan-draft/draft.ts';
import type { SeatAttribute } from '#domain/plan.ts';
import type { Selection } from './selection.ts';
import { changeSeats, mapSome } from './sharing.ts';

export function setTier(draft: PlanDraft, { seats, areas }: Selection, tier: string): PlanDraft {
  if (!draft.tiers.some(({ id }) => id === tier)) return draft;
  const next = changeSeats(draft, seats, (seat) => (seat.tier === tier ? seat : { ...seat, tier }));
  const changed = mapSome(next.areas, (area) => (areas.has(area.id) && area.tier !== tier ? { ...area, tier } : area));
  return changed === next.areas ? next : { ...next, areas: changed };
}

/** Gives the chosen seats an attribute, or takes it from them. */
export function setAttribute(draft: PlanDraft, { seats }: Selection, attribute: SeatAttribute, on: boolean): PlanDraft {
  return changeSeats(draft, seats, (seat) => {
    const { attributes = [], ...rest } = seat;
    if (attributes.includes(attribute) === on) return seat;
    const now = on ? [...attributes, attribute] : attributes.filter((one) => one !== attribute);
    return now.length > 0 ? { ...rest, attributes: now } : rest;
  });
}
