import { compilePlan } from '#domain/plan-draft/compile.ts';
import { planDifference } from '#domain/plan-draft/difference.ts';
import { draftProblems } from '#domain/plan-draft/problems.ts';
import { speakHere } from '#domain/language.ts';
import type { CheckAnswer, CheckMessage, CheckTask } from './messages.ts';

/** Looking through 15,000 seats takes longer than a frame: it is done beside the page. */
addEventListener('message', ({ data: { task, n, language } }: MessageEvent<CheckMessage>) => {
  speakHere(language);
  postMessage({ n, answer: answerTo(task) });
});

function answerTo(task: CheckTask): CheckAnswer {
  if (task.kind === 'problems') return { kind: 'problems', problems: draftProblems(task.draft) };
  try {
    const before = 'plan' in task ? task.plan : compilePlan(task.before);
    return { kind: 'difference', difference: planDifference(before, compilePlan(task.after)) };
  } catch {
    // A draft that is not a whole plan yet cannot be compared.
    return { kind: 'difference', difference: null };
  }
}
