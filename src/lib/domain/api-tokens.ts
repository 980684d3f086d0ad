import { z } from 'zod';
import { name } from './field.ts';
import { scope } from './scopes.ts';

/** A token for programs, as its owner asks for it. */
const LONGEST_DAYS = 366;
export const apiTokenBody = z.strictObject({
  name: name(80),
  scopes: z
    .array(scope)
    .min(1, 'are missing: choose at least one')
    .transform((scopes) => [...new Set(scopes)]),
  /** How long it is good. */
  days: z
    .number('must be a number of days')
    .int('must be whole days')
    .min(1, 'must be at least 1 day')
    .max(LONGEST_DAYS, `must be at most ${LONGEST_DAYS} days`)
});
export type ApiTokenBody = z.infer<typeof apiTokenBody>;

/** `fh_<public id>_<secret>`: recognised by people and by scanners for secrets that were published by mistake. */
export const apiTokenId = z.string().regex(/^[0-9a-z]{12}$/, 'is not an id of ours');
