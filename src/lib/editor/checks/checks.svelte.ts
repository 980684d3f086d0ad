import type { PlanDifference } from '#domain/plan-draft/difference.ts';
import type { PlanDraft } from '#domain/plan-draft/draft.ts';
import type { Problem } from '#domain/plan-draft/problems.ts';
import type { Plan } from '#domain/plan.ts';
import type { EditorSession } from '../session.svelte.ts';
import { currentLanguage } from '#domain/language.ts';
import type { CheckAnswer, CheckMessage, CheckTask } from './messages.ts';

const QUIET_MS = 500;

/** What is wrong with the plan, looked through again a moment after each change. */
export class Checks {
  problems = $state.raw<Problem[]>([]);
  /** The problems are of the draft as it is now. */
  current = $state(false);
  readonly #session: EditorSession;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, (answer: CheckAnswer) => void>();
  readonly #stop: () => void;
  #next = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(session: EditorSession) {
    this.#session = session;
    this.#worker = new Worker(new URL('./checks.worker.ts', import.meta.url), { type: 'module' });
    this.#worker.onmessage = ({ data }: MessageEvent<{ n: number; answer: CheckAnswer }>) => {
      this.#waiting.get(data.n)?.(data.answer);
      this.#waiting.delete(data.n);
    };
    this.#stop = session.onChange(() => this.#soon());
    void this.look();
  }

  close() {
    clearTimeout(this.#timer);
    this.#stop();
    this.#worker.terminate();
  }

  #soon() {
    this.current = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.look(), QUIET_MS);
  }

  #ask(task: CheckTask): Promise<CheckAnswer> {
    const n = this.#next++;
    return new Promise((answered) => {
      this.#waiting.set(n, answered);
      this.#worker.postMessage({ task, n, language: currentLanguage() } satisfies CheckMessage);
    });
  }

  /** Looks now. */
  async look(): Promise<Problem[]> {
    const { draft } = this.#session;
    const answer = await this.#ask({ kind: 'problems', draft });
    if (answer.kind !== 'problems') return this.problems;
    if (draft === this.#session.draft) {
      this.problems = answer.problems;
      this.current = true;
    }
    return answer.problems;
  }

  /** What is different in the draft as it is now; null when one of the two is not a whole plan. */
  async differenceTo(before: { draft: PlanDraft } | { plan: Plan }): Promise<PlanDifference | null> {
    const after = this.#session.draft;
    const answer = await this.#ask(
      'plan' in before
        ? { kind: 'difference', plan: before.plan, after }
        : { kind: 'difference', before: before.draft, after }
    );
    return answer.kind === 'difference' ? answer.difference : null;
  }
}
