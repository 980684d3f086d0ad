import { z } from 'zod';
import { catalogId, holdId, uuid } from './ids.ts';

/** The waiting list of a show that has no such seats any more: what is said to it, and what its people see of it. */
export const waitingBody = z.strictObject({
  /** Seats side by side. */
  count: z
    .number('must be a number')
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(50, 'must be at most 50'),
  /** Any of these price tiers; none named: any at all. */
  tiers: z
    .array(z.string().max(64))
    .max(20, 'must be at most 20')
    .refine((tiers) => new Set(tiers).size === tiers.length, 'names one twice')
    .default([])
});
export type WaitingBody = z.infer<typeof waitingBody>;

/**
 * WAITING → OFFERED → TAKEN (they have booked), DECLINED (given up), PASSED (its time ran out) or LEFT. CLOSED: the show's
 * sale ended first.
 */
export const wishState = z.enum(['WAITING', 'OFFERED', 'TAKEN', 'DECLINED', 'PASSED', 'LEFT', 'CLOSED']);
export type WishState = z.infer<typeof wishState>;

export const waitingWish = z.object({
  id: uuid,
  showId: catalogId,
  state: wishState,
  count: z.number().int(),
  tiers: z.array(z.object({ tier: z.string(), name: z.string() })),
  ahead: z
    .number()
    .int()
    .nullable()
    .describe('Wishes for this show that came before this one and wait still; null when this one waits no more'),
  createdAt: z.string(),
  offer: z.object({ holdId, endsAt: z.string(), seats: z.array(z.string()) }).nullable(),
  show: z.object({
    eventTitle: z.string(),
    eventSlug: z.string(),
    startsAt: z.string(),
    timeZone: z.string(),
    venueName: z.string(),
    city: z.string()
  })
});
export type WaitingWish = z.infer<typeof waitingWish>;

/** What the organizer sees. */
export const waitingCounts = z.object({
  wishes: z.number().int().describe('Wishes that wait'),
  seats: z.number().int().describe('The seats they are for'),
  offered: z.number().int().describe('Offers that are open now'),
  /** By the number of seats wished for, fewest first. */
  bySize: z.array(z.object({ count: z.number().int(), wishes: z.number().int() }))
});
export type WaitingCounts = z.infer<typeof waitingCounts>;
