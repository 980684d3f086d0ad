import type { DraftBackground, PlanDraft } from '#domain/plan-draft/draft.ts';
import { rounded } from './sharing.ts';

/** Lays a picture under the plan, `width` wide, with its middle at (x, y). */
export function setBackground(
  draft: PlanDraft,
  picture: { id: string; width: number; height: number },
  { x, y, width }: { x: number; y: number; width: number }
): PlanDraft {
  const height = rounded((width * picture.height) / Math.max(1, picture.width));
  const place = { x: rounded(x - width / 2), y: rounded(y - height / 2), width: rounded(width), height };
  return { ...draft, background: { picture: picture.id, ...place, opacity: 0.5 } };
}

/** Another place, size or strength. The picture keeps its proportions. */
export function changeBackground(
  draft: PlanDraft,
  change: Partial<Pick<DraftBackground, 'x' | 'y' | 'width' | 'opacity'>>
): PlanDraft {
  const now = draft.background;
  if (!now) return draft;
  const width = Math.min(10_000, Math.max(1, change.width ?? now.width));
  const height = Math.min(10_000, rounded((now.height * width) / Math.max(0.01, now.width)));
  return { ...draft, background: { ...now, ...change, width, height } };
}

export const removeBackground = (draft: PlanDraft): PlanDraft =>
  draft.background ? { ...draft, background: null } : draft;
