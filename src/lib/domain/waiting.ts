import { z } from 'zod';
import type { HoldId, ShowId } from './ids.ts';

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
export type WishState = 'WAITING' | 'OFFERED' | 'TAKEN' | 'DECLINED' | 'PASSED' | 'LEFT' | 'CLOSED';

export interface WaitingWish {
  id: string;
  showId: ShowId;
  state: WishState;
  count: number;
  tiers: { tier: string; name: string }[];
  /** Wishes for this show that came before this one and wait still; null when this one waits no more. */
  ahead: number | null;
  createdAt: string;
  offer: { holdId: HoldId; endsAt: string; seats: string[] } | null;
  show: { eventTitle: string; eventSlug: string; startsAt: string; timeZone: string; venueName: string; city: string };
}

/** What the organizer sees. */
export interface WaitingCounts {
  /** Wishes that wait, and the seats they are for. */
  wishes: number;
  seats: number;
  /** Offers that are open now. */
  offered: number;
  /** By the number of seats wished for, fewest first. */
  bySize: { count: number; wishes: number }[];
}
