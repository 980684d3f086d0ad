import type { PlanDraft } from '#domain/plan-draft/draft.ts';
import { freshId } from './ids.ts';
import { changeRows, mapSome } from './sharing.ts';

export const MOST_TIERS = 5;

/** The colour of a tier is its place in the order; files with more than five use the colours again. */
const ordered = (tiers: PlanDraft['tiers']) =>
  mapSome(tiers, (tier, n) => {
    const ordinal = (n % MOST_TIERS) + 1;
    return tier.ordinal === ordinal ? tier : { ...tier, ordinal };
  });

export function addTier(draft: PlanDraft, name: string): PlanDraft {
  if (draft.tiers.length >= MOST_TIERS) return draft;
  return { ...draft, tiers: ordered([...draft.tiers, { id: freshId(), name, ordinal: MOST_TIERS }]) };
}

export function renameTier(draft: PlanDraft, id: string, name: string): PlanDraft {
  const tiers = mapSome(draft.tiers, (tier) => (tier.id === id && tier.name !== name ? { ...tier, name } : tier));
  return tiers === draft.tiers ? draft : { ...draft, tiers };
}

/** Takes a tier away; its places go to `into`. The last tier stays while there are places. */
export function removeTier(draft: PlanDraft, id: string, into: string | null): PlanDraft {
  const other = draft.tiers.find((tier) => tier.id === into && tier.id !== id);
  const used =
    draft.areas.some(({ tier }) => tier === id) ||
    draft.rows.some(({ seats }) => seats.some(({ tier }) => tier === id));
  if (used && !other) return draft;
  const tiers = ordered(draft.tiers.filter((tier) => tier.id !== id));
  if (!other) return { ...draft, tiers };
  const next = changeRows(draft, (row) => {
    const seats = mapSome(row.seats, (seat) => (seat.tier === id ? { ...seat, tier: other.id } : seat));
    return seats === row.seats ? row : { ...row, seats };
  });
  return {
    ...next,
    tiers,
    areas: mapSome(draft.areas, (area) => (area.tier === id ? { ...area, tier: other.id } : area))
  };
}

/** Moves a tier up (−1) or down (1) in the order. */
export function moveTier(draft: PlanDraft, id: string, by: -1 | 1): PlanDraft {
  const at = draft.tiers.findIndex((tier) => tier.id === id);
  const [tier, other] = [draft.tiers[at], draft.tiers[at + by]];
  if (!tier || !other) return draft;
  return { ...draft, tiers: ordered(draft.tiers.with(at, other).with(at + by, tier)) };
}
