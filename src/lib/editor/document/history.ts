import type { PlanDraft } from '#domain/plan-draft/draft.ts';
import { nothing, type Selection } from './selection.ts';

/** How many steps can be taken back. Steps share what they have in common, so they cost what they changed. */
export const STEPS = 50;

interface Step {
  draft: PlanDraft;
  /** What was chosen, so that taking back shows where. */
  selection: Selection;
  /** What led here, in words: "Moved 12 seats". */
  words: string;
}

export interface History {
  past: readonly Step[];
  now: Step;
  future: readonly Step[];
}

export const begin = (draft: PlanDraft): History => ({
  ...{ past: [], now: { draft, selection: nothing, words: '' }, future: [] }
});

/**
 * A new step; what had been taken back can no longer be done again.
 */
export function commit(history: History, draft: PlanDraft, selection: Selection, words: string): History {
  if (draft === history.now.draft) return history;
  return {
    past: [...history.past, history.now].slice(-STEPS),
    now: { draft, selection, words },
    future: []
  };
}

/** The same step as the last one, taken a little further. */
export function amend(history: History, draft: PlanDraft, selection: Selection, words: string): History {
  return draft === history.now.draft ? history : { ...history, now: { draft, selection, words }, future: [] };
}

export function undo(history: History): History {
  const before = history.past.at(-1);
  if (!before) return history;
  return { past: history.past.slice(0, -1), now: before, future: [history.now, ...history.future] };
}

export function redo(history: History): History {
  const [after, ...rest] = history.future;
  return after ? { past: [...history.past, history.now], now: after, future: rest } : history;
}
