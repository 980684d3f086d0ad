import { z } from 'zod';
import { pageQuery } from './protocol.ts';

/** How customers look for a booking of theirs: by a word of its event, venue or city, by its number, or by a ticket's code. */
export const myBookingsQuery = pageQuery.extend({
  q: z
    .string()
    .trim()
    .max(100, 'must have at most 100 characters')
    .regex(/^[^\p{Cc}]*$/u, 'must not hold control characters')
    .optional(),
  /** Each booking is `upcoming`, `past` or `cancelled` (which is also what expired, and what its organizer called off). */
  when: z.enum(['all', 'upcoming', 'past', 'cancelled']).default('all')
});
export type MyBookingsQuery = z.infer<typeof myBookingsQuery>;
