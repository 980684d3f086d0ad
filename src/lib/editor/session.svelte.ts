import * as m from '#domain/messages/compiled/editor.js';
import type { PlanDraft } from '#domain/plan-draft/draft.ts';
import type { Clip } from './document/copy.ts';
import { amend, begin, commit, redo, undo, type History } from './document/history.ts';
import { overLimit } from './document/limits.ts';
import { existing, nothing, type Selection } from './document/selection.ts';
import { wordsFor } from './document/words.ts';
import { usualWish, type Drawing, type Wish } from './drawing.ts';

export type Tool = 'select' | 'lasso' | 'pan' | 'polygon' | 'focus' | Drawing;

/** Presses of a key that follow each other faster than this are one step. */
const ONE_STEP_MS = 900;

/** One plan being edited: what it is now, what is chosen, and the way back. */
export class EditorSession {
  #history = $state.raw<History>(begin(EMPTY));
  tool = $state<Tool>('select');
  wish = $state<Wish>({ ...usualWish });
  /** Where new seats go. */
  into = $state<{ section: string | null; tier: string | null }>({ section: null, tier: null });
  grid = $state(0.5);
  snapping = $state(true);
  /** What the last command did, for the live region. */
  said = $state('');
  clip = $state.raw<Clip | null>(null);
  #lastMerge = { key: '', at: 0 };
  readonly #listeners = new Set<() => void>();

  constructor(draft: PlanDraft) {
    this.#history = begin(draft);
  }

  get draft(): PlanDraft {
    return this.#history.now.draft;
  }
  get selection(): Selection {
    return this.#history.now.selection;
  }
  /** What taking back and doing again would do, in words; null when there is nothing. */
  get undoes(): string | null {
    return this.#history.past.length > 0 ? this.#history.now.words : null;
  }
  get redoes(): string | null {
    return this.#history.future[0]?.words ?? null;
  }

  /** Calls back after each change of the draft. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A command's result as a step; `merge` joins it to a step of the same key that was made a moment ago. */
  apply(words: string, draft: PlanDraft, selection: Selection = this.selection, merge = ''): boolean {
    const before = this.draft;
    if (draft === before) return false;
    const refusal = overLimit(draft, before);
    if (refusal) {
      this.said = refusal;
      return false;
    }
    const now = performance.now();
    const joined = merge !== '' && merge === this.#lastMerge.key && now - this.#lastMerge.at < ONE_STEP_MS;
    this.#lastMerge = { key: merge, at: now };
    this.#history = (joined ? amend : commit)(this.#history, draft, existing(draft, selection), words);
    this.said = words;
    for (const listener of this.#listeners) listener();
    return true;
  }

  choose(selection: Selection, quiet = false) {
    const { now } = this.#history;
    this.#history = { ...this.#history, now: { ...now, selection } };
    this.#lastMerge.key = '';
    if (!quiet) this.said = m.chosen({ what: wordsFor(now.draft, selection) });
  }

  undo() {
    this.#travel(undo(this.#history), m.taken_back({ what: this.#history.now.words }));
  }

  redo() {
    this.#travel(redo(this.#history), m.done_again({ what: this.redoes ?? '' }));
  }

  #travel(to: History, words: string) {
    if (to === this.#history) {
      this.said = m.nothing_more();
      return;
    }
    this.#history = to;
    this.#lastMerge.key = '';
    this.said = words;
    for (const listener of this.#listeners) listener();
  }

  /** Another draft in place of this one, such as what somebody else has saved; it cannot be taken back. */
  replace(draft: PlanDraft) {
    this.#history = begin(draft);
    this.choose(nothing, true);
  }
}

const EMPTY: PlanDraft = {
  ...{ name: '', tiers: [], stage: { label: '', outline: [] }, focus: { x: 0, y: 0 } },
  ...{ sections: [], rows: [], tables: [], areas: [], background: null }
};
