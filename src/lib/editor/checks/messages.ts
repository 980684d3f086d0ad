import type { Language } from '#domain/language.ts';
import type { PlanDifference } from '#domain/plan-draft/difference.ts';
import type { PlanDraft } from '#domain/plan-draft/draft.ts';
import type { Problem } from '#domain/plan-draft/problems.ts';
import type { Plan } from '#domain/plan.ts';

export type CheckTask =
  | { kind: 'problems'; draft: PlanDraft }
  | { kind: 'difference'; before: PlanDraft; after: PlanDraft }
  | { kind: 'difference'; plan: Plan; after: PlanDraft };

/** A worker has no page whose language it could read. */
export interface CheckMessage {
  task: CheckTask;
  n: number;
  language: Language;
}

export type CheckAnswer =
  { kind: 'problems'; problems: Problem[] } | { kind: 'difference'; difference: PlanDifference | null };
