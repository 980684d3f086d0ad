import * as m from '#domain/messages/compiled/editor.js';
import type { PlanDraft } from '#domain/plan-draft/draft.ts';
import type { EditorSession } from '../session.svelte.ts';
import { dropCopy, keepCopy, readCopy } from './local-copy.ts';
import { writeDraft } from './plan-api.ts';

export type SaveState = 'saved' | 'changed' | 'saving' | 'failed' | 'conflict';

const QUIET_MS = 1200;
const KEEP_MS = 300;
const RETRY_MS = [2000, 5000, 10_000, 30_000];

/** Saves the draft a moment after each change, one request at a time, and keeps it in this browser until then. */
export class DraftSaver {
  state = $state<SaveState>('saved');
  /** Why it is not saved. */
  trouble = $state('');
  /** What a crash had left in this browser was brought back. */
  recovered = $state(false);
  version = $state(0);
  readonly planId: string;
  readonly #session: EditorSession;
  #saved: PlanDraft;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #keepTimer: ReturnType<typeof setTimeout> | undefined;
  #tries = 0;
  #going: Promise<void> | null = null;
  readonly #stops: (() => void)[];

  constructor(planId: string, version: number, session: EditorSession) {
    this.planId = planId;
    this.version = version;
    this.#session = session;
    this.#saved = session.draft;
    const online = () => {
      if (this.state === 'failed') void this.save();
    };
    addEventListener('online', online);
    this.#stops = [session.onChange(() => this.#changed()), () => removeEventListener('online', online)];
  }

  close() {
    clearTimeout(this.#timer);
    clearTimeout(this.#keepTimer);
    if (this.state !== 'saved') void this.#keep();
    for (const stop of this.#stops) stop();
  }

  /** Brings back what this browser has kept and the server never got. */
  async recover() {
    const copy = await readCopy(this.planId);
    if (!copy) return;
    this.#session.replace(copy.draft);
    this.recovered = true;
    if (copy.version === this.version) {
      this.state = 'changed';
      return this.save();
    }
    this.state = 'conflict';
    this.trouble = m.saved_since();
  }

  #changed() {
    if (this.state === 'conflict') return void this.#keepSoon();
    if (this.#session.draft === this.#saved) return this.#isSaved();
    if (this.state !== 'failed') this.state = this.#going ? 'saving' : 'changed';
    this.#keepSoon();
    this.#soon(QUIET_MS);
  }

  #soon(ms: number) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), ms);
  }

  #keepSoon() {
    clearTimeout(this.#keepTimer);
    this.#keepTimer = setTimeout(() => void this.#keep(), KEEP_MS);
  }

  #keep = () => keepCopy({ planId: this.planId, version: this.version, draft: this.#session.draft });

  #isSaved() {
    this.state = 'saved';
    this.trouble = '';
    clearTimeout(this.#timer);
    clearTimeout(this.#keepTimer);
    void dropCopy(this.planId);
  }

  /** Saves now, and answers when all is saved or it is clear that it cannot be. */
  async save(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#going) await this.#going;
    if (this.state === 'conflict' || this.#session.draft === this.#saved) return;
    this.#going = this.#send().finally(() => (this.#going = null));
    await this.#going;
  }

  async #send() {
    const { draft } = this.#session;
    this.state = 'saving';
    const answer = await writeDraft(this.planId, this.version, draft);
    if (answer.ok) {
      this.#tries = 0;
      this.version = answer.version;
      this.#saved = draft;
      if (this.#session.draft === draft) return this.#isSaved();
      this.state = 'changed';
      void this.#keep();
      return this.#soon(QUIET_MS);
    }
    this.trouble = answer.message;
    this.state = answer.code === 'CHANGED_MEANWHILE' ? 'conflict' : 'failed';
    void this.#keep();
    // What the server refuses for good is not sent again by itself.
    const later = answer.status === 0 || answer.status === 429 || answer.status >= 500;
    if (this.state === 'failed' && later) this.#soon(RETRY_MS[Math.min(this.#tries++, RETRY_MS.length - 1)] ?? 30_000);
  }

  /** Goes on from what the server has; ours is given up. */
  take(draft: PlanDraft, version: number) {
    this.version = version;
    this.#session.replace(draft);
    this.#saved = this.#session.draft;
    this.recovered = false;
    this.#isSaved();
  }
}
