import { z } from 'zod';
import { seatList } from './protocol.ts';

/** Seats of a booking in the place of others: each of `from` goes to the one of `to` that stands where it does. */
const seats = {
  /** Left out: all that the booking has, in the order of their numbers. */
  from: seatList.optional(),
  to: seatList
};
const asMany = {
  path: ['to'],
  message: 'must be as many seats as are moved'
};

/** What the organizer asks for. */
export const moveBody = z
  .strictObject({
    ...seats,
    /** Dearer seats for the price of the old ones. */
    waive: z.boolean().default(false),
    /** Dearer seats are offered to the buyer, who pays the difference first. */
    collect: z.boolean().default(false)
  })
  .refine(({ from, to }) => from === undefined || from.length === to.length, asMany)
  .refine(({ waive, collect }) => !(waive && collect), {
    path: ['collect'],
    message: 'must not be together with waive'
  });
export type MoveBody = z.infer<typeof moveBody>;

/** What a buyer asks for. */
export const ownMoveBody = z
  .strictObject({
    ...seats,
    /** What they were shown, in minor units: at another difference nothing is moved (PRICE_CHANGED). */
    expectedDifference: z.number().int().optional()
  })
  .refine(({ from, to }) => from === undefined || from.length === to.length, asMany);
export type OwnMoveBody = z.infer<typeof ownMoveBody>;

/** What would other seats cost? Without `to`: the best that are free, of one price tier or of any. */
export const moveQuoteBody = z
  .strictObject({ from: seats.from, to: seatList.optional(), tier: z.string().min(1).max(60).optional() })
  .refine(({ from, to }) => from === undefined || to === undefined || from.length === to.length, asMany);
export type MoveQuoteBody = z.infer<typeof moveQuoteBody>;
