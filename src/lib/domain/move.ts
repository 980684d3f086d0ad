import { z } from 'zod';
import { seatList } from './protocol.ts';

/** Seats of a booking in the place of others: each of `from` goes to the one of `to` that stands where it does. */
export const moveBody = z
  .strictObject({
    /** Left out: all that the booking has, in the order of their numbers. */
    from: seatList.optional(),
    to: seatList,
    /** Dearer seats for the price of the old ones. */
    waive: z.boolean().default(false)
  })
  .refine(({ from, to }) => from === undefined || from.length === to.length, {
    path: ['to'],
    message: 'must be as many seats as are moved'
  });
export type MoveBody = z.infer<typeof moveBody>;
