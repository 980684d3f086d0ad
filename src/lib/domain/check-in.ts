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

export interface CheckInCounts {
  admitted: number;
  expected: number;
}
export type CheckInEvent = CheckInCounts & { showId: ShowId };

/** A ticket as the gate sees it. */
export interface GateTicket {
  id: string;
  label: string;
  attendee: string;
  /** Ticket `n` of the `of` of its booking. */
  n: number;
  of: number;
}

export interface Admission {
  ticket: GateTicket;
  at: string;
  gate: string | null;
  /** Until then whoever let them in can take it back. */
  undoUntil: string;
}

/** Why a ticket lets nobody in. */
export type BadTicket = 'unknown' | 'other show' | 'cancelled' | 'replaced';

/** A page of the list that a gate takes along: nobody can make a ticket from its hashes. */
export interface GateList {
  items: { code: string; short: string; label: string; attendee: string; at: string | null }[];
  next: string | null;
}

/** What a code is listed under; the show is part of it, so that lists cannot be compared. */
export const listedAs = (showId: ShowId, codeOrShort: string) => `${showId}:${codeOrShort}`;

/** What became of an admission without a network. */
export interface Merged {
  code: string;
  /** `later`: not tried yet, send it once more. */
  outcome: 'merged' | 'conflict' | 'bad ticket' | 'later';
  message: string;
  label?: string;
}
