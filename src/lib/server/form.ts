import { check_short } from '#domain/messages/compiled/forms.js';
import { fail } from '@sveltejs/kit';
import { z } from 'zod';
import { isRefusal, type Refusal } from '#domain/refusal.ts';

/** What a form shows again after a "no": the sentence, the fields it concerns, and what had been typed. */
export interface FormFailure {
  message: string;
  code: string;
  errors: Record<string, string>;
  values: Record<string, string>;
  /** Seats that can be had in place of those that were refused, and their names. */
  instead?: { seats: number[]; words: string };
  /** Where somebody else, who saved first, has something else than was typed here. */
  differences?: { label: string; yours: string; theirs: string }[];
}

const issueList = z.array(z.object({ path: z.string(), message: z.string() }));

/** A Refusal (or an invalid form) as the answer of a form action. Passwords are never sent back. */
export function failWith(refusal: Refusal | z.ZodError, values: Record<string, unknown> = {}) {
  const typed = Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      typeof value === 'string' && !/password/i.test(name) ? [[name, value]] : []
    )
  );
  if (isRefusal(refusal)) {
    const listed = issueList.safeParse(refusal.details['errors']);
    const errors = Object.fromEntries((listed.data ?? []).map(({ path, message }) => [path, message]));
    return fail<FormFailure>(refusal.httpStatus, {
      ...{ message: refusal.message, code: refusal.code },
      ...{ errors, values: typed }
    });
  }
  const errors = Object.fromEntries(refusal.issues.map(({ path, message }) => [path.join('.'), message]));
  return fail<FormFailure>(422, {
    ...{ message: check_short(), code: 'INVALID' },
    ...{ errors, values: typed }
  });
}
