import { error } from '@sveltejs/kit';
import { isRefusal, type Refusal } from '#domain/refusal.ts';

/** For loads: a refusal becomes the error page with its words, everything else goes on. */
export function orError<T>(answer: T | Refusal): T {
  if (isRefusal(answer)) error(answer.httpStatus, answer.message);
  return answer;
}
