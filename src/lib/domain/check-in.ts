import { z } from 'zod';
import { catalogId, uuid, type ShowId } from './ids.ts';

/** What a gate says and hears. */

/** Printed in answers at other gates: `North`, `Stairs 2`. */
export const gateName = z
  .string()
  .trim()
  .min(1)
  .max(40, 'must have at most 40 characters')
  .regex(/^[^\p{Cc}]*$/u, 'must not hold control characters');

const code = z.string().trim().min(1, 'is missing').max(200, 'is not the code of a ticket');

/** A code as it was read or typed; or, for somebody found by name or seat, the ticket itself. */
export const checkInBody = z
  .strictObject({
    code: code.optional(),
    ticketId: uuid.optional(),
    showId: catalogId.optional(),
    gate: gateName.optional(),
    /** The gate's own name for this one: should the answer be lost, merging it tells it from a second person. */
    attempt: uuid.optional()
  })
  .refine((body) => (body.code === undefined) !== (body.ticketId === undefined), {
    path: ['code'],
    message: 'is missing'
  });
export type CheckInBody = z.infer<typeof checkInBody>;

export const undoBody = z.strictObject({ ticketId: uuid });

export const MERGED_AT_ONCE = 100;
/** Who was let in while there was no network, and when by the gate's own clock. */
export const mergeBody = z.strictObject({
  showId: catalogId,
  gate: gateName.optional(),
  admissions: z
    .array(z.strictObject({ code, at: z.iso.datetime({ offset: true }), attempt: uuid.optional() }))
    .max(MERGED_AT_ONCE)
});
export type MergeBody = z.infer<typeof mergeBody>;

export const gateQuery = z.object({ showId: catalogId, cursor: uuid.optional() });
export const gateSearch = z.object({ showId: catalogId, q: z.string().trim().min(2, 'is too short').max(100) });

export const checkInCounts = z.object({ admitted: z.number().int(), expected: z.number().int() });
export type CheckInCounts = z.infer<typeof checkInCounts>;
export const checkInEvent = checkInCounts.extend({ showId: catalogId });
export type CheckInEvent = z.infer<typeof checkInEvent>;

/** A ticket as the gate sees it. */
export const gateTicket = z.object({
  id: uuid,
  label: z.string(),
  attendee: z.string(),
  n: z.number().int().describe('Ticket `n` of the `of` of its booking'),
  of: z.number().int()
});
export type GateTicket = z.infer<typeof gateTicket>;

export const admission = z.object({
  ticket: gateTicket,
  at: z.string(),
  gate: z.string().nullable(),
  undoUntil: z.string().describe('Until then whoever let them in can take it back')
});
export type Admission = z.infer<typeof admission>;

/** Why a ticket lets nobody in. */
export const badTicket = z.enum(['unknown', 'other show', 'cancelled', 'replaced']);
export type BadTicket = z.infer<typeof badTicket>;

/** A page of the list that a gate takes along: nobody can make a ticket from its hashes. */
export const gateList = z.object({
  items: z.array(
    z.object({
      code: z.string().describe('SHA-256 of `<show id>:<code>`: nobody can make a ticket from it'),
      short: z.string(),
      label: z.string(),
      attendee: z.string(),
      at: z.string().nullable()
    })
  ),
  next: z.string().nullable()
});
export type GateList = z.infer<typeof gateList>;

/** What codes are listed under; the show is part of it, so that lists cannot be compared. */
export const listedAs = (showId: ShowId, codeOrShort: string) => `${showId}:${codeOrShort}`;

/** What became of an admission without a network. */
export const merged = z.object({
  code: z.string(),
  outcome: z.enum(['merged', 'conflict', 'bad ticket', 'later']).describe('`later`: not tried yet, send it once more'),
  message: z.string(),
  label: z.string().optional()
});
export type Merged = z.infer<typeof merged>;
