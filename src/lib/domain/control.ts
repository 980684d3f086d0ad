import { z } from 'zod';
import { catalogId } from './ids.ts';
import { saleState } from './protocol.ts';

/** What those who run a show may say and hear, kept apart from the contract with its customers. */

/** A whole section of a stadium, and more; the work on the live map is done in portions. */
export const MOST_SEATS_BLOCKED = 10_000;

const seats = z
  .array(z.number().int().min(0).max(199_999))
  .min(1, 'must name at least one seat')
  .max(MOST_SEATS_BLOCKED, `must name at most ${MOST_SEATS_BLOCKED} seats`)
  .transform((named) => [...new Set(named)].sort((a, b) => a - b));

export const unblockBody = z.strictObject({ seats });
export const blockBody = z.strictObject({
  seats,
  reason: z
    .string()
    .trim()
    .min(1, 'is missing')
    .max(200, 'must have at most 200 characters')
    .regex(/^[^\p{Cc}]*$/u, 'must not hold control characters'),
  /** Ends the part of a hold that has these seats; without it a held seat refuses. */
  evenIfHeld: z.boolean().default(false)
});
export type BlockBody = z.infer<typeof blockBody>;

export const liveHoldsQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z
    .string()
    .regex(/^\d{1,15}\.[0-9a-z]{12}\.[0-9a-z]{12}$/, 'is not a cursor of ours')
    .optional(),
  q: z.string().trim().max(100).optional()
});
export type LiveHoldsQuery = z.infer<typeof liveHoldsQuery>;

/** Who holds or buys. A guest has no name yet: only a short code tells one from another. */
const holder = z.object({ name: z.string(), email: z.string().nullable() });
export type Holder = z.infer<typeof holder>;

export const liveHold = z.object({
  id: z.string(),
  buyer: holder,
  seats: z.array(z.object({ index: z.number().int(), label: z.string(), short: z.string() })),
  /** null for one that came back from its booking after Redis had lost it. */
  since: z.string().nullable(),
  deadline: z.string(),
  phase: z.enum(['selecting', 'paying'])
});
export type LiveHold = z.infer<typeof liveHold>;
export const liveHoldsPage = z.object({ items: z.array(liveHold), next: z.string().nullable() });

export const seatFacts = z.object({
  index: z.number().int(),
  label: z.string(),
  short: z.string(),
  tierName: z.string(),
  price: z.number().int(),
  currency: z.string(),
  state: z.enum(['available', 'held', 'booked', 'blocked']),
  block: z.object({ reason: z.string(), by: z.string().nullable(), at: z.string() }).nullable(),
  hold: liveHold.nullable(),
  booking: z
    .object({ id: z.string(), status: z.string(), buyer: holder, price: z.number().int(), at: z.string() })
    .nullable()
});
export type SeatFacts = z.infer<typeof seatFacts>;

// ── Over the socket ────────────────────────────────────────────────────────────────────────────────────────

/** For managers of the show alone; to everybody else there is no such show. */
export const controlCommands = {
  'control:watch': z.strictObject({ showId: catalogId }),
  'control:unwatch': z.strictObject({ showId: catalogId })
} as const;
export type ControlCommand = keyof typeof controlCommands;

/** Sent every second while somebody watches. `sold`: seats booked in each of the last minutes, the present one last. */
export const controlPulse = z.object({
  showId: catalogId,
  available: z.number().int(),
  held: z.number().int(),
  booked: z.number().int(),
  blocked: z.number().int(),
  viewers: z.number().int(),
  holdsPerMinute: z.number().int(),
  bookingsPerMinute: z.number().int(),
  sold: z.array(z.number().int())
});
export type ControlPulse = z.infer<typeof controlPulse>;

/** What a colleague has done. `by` is their name; null where only the what is known. */
export const controlChanged = z.object({
  showId: catalogId,
  what: z.enum(['sale', 'terms', 'blocks', 'holds', 'notice', 'cancelled']),
  by: z.string().nullable(),
  text: z.string(),
  sale: saleState.optional(),
  count: z.number().int().optional().describe('Of seats that were blocked or put back, or of those who got a notice'),
  said: z.string().optional().describe('The reason of a block, or the text of a notice')
});
export type ControlChanged = z.infer<typeof controlChanged>;

export interface ControlEvents {
  'control:pulse': ControlPulse;
  'control:changed': ControlChanged;
}
