import { z } from 'zod';
import { quoteView } from './buying.ts';
import { badTicket, gateTicket } from '#domain/check-in.ts';
import { HTTP_STATUS, type RefusalCode } from '#domain/refusal.ts';

/** Errors of the API: RFC 9457 problems, each under a code that stays, with what a program needs to go on. */
export type ProblemCode = RefusalCode | 'TOO_LARGE' | 'ERROR';

const seats = z.array(z.number().int());
const errors = z.array(z.object({ path: z.string(), message: z.string() }));
const retryAfter = z.number().describe('Seconds');
const draftProblem = z.object({
  level: z.enum(['error', 'warning']),
  message: z.string(),
  at: z.object({
    rows: z.array(z.string()).optional(),
    seats: z.array(z.string()).optional(),
    areas: z.array(z.string()).optional(),
    tables: z.array(z.string()).optional(),
    sections: z.array(z.string()).optional()
  })
});

/** What comes with a code besides the words. A code that is not here comes with nothing. */
export const DETAILS: Partial<Record<ProblemCode, z.ZodRawShape>> = {
  INVALID: {
    errors: errors.optional().describe('Which values, by their path'),
    problems: z.array(draftProblem).optional().describe('Why a seating plan cannot be published')
  },
  BAD_CREDENTIALS: { errors: errors.optional() },
  EMAIL_TAKEN: { errors: errors.optional() },
  CODE_REFUSED: { errors: errors.optional() },
  FORBIDDEN: {
    scope: z.string().nullable().optional().describe('What the API token lacks; null where no token will do')
  },
  SEAT_TAKEN: {
    seats: seats.describe('Those of the wanted seats that are gone'),
    alternatives: z.array(seats).optional().describe('Seats as good as those, each list to be taken whole'),
    held: z.literal(true).optional().describe('They are only held: `evenIfHeld` blocks them all the same')
  },
  CAP_REACHED: {
    cap: z.number().int().optional(),
    network: z.literal(true).optional().describe('It is the cap of one network, not of one buyer')
  },
  LIMIT_REACHED: { deadline: z.number().int().optional() },
  SALE_CLOSED: { opensAt: z.string().optional(), cancelled: z.literal(true).optional() },
  ALREADY_WAITING: { wishId: z.string() },
  ALREADY_USED: {
    at: z.string().optional().describe('When somebody was let in with it'),
    gate: z.string().nullable().optional(),
    ticket: gateTicket.optional()
  },
  BAD_TICKET: {
    reason: badTicket,
    ticket: gateTicket.optional()
  },
  HAS_BOOKINGS: {
    cancel: z.literal(true).optional().describe('Cancelling and refunding is possible instead'),
    seats: z.array(z.string()).optional()
  },
  CHANGED_MEANWHILE: { current: z.unknown().optional().describe('What is there now') },
  PRICE_CHANGED: {
    quote: quoteView.optional(),
    bookingId: z.string().optional(),
    total: z.number().int().optional(),
    difference: z.number().int().optional().describe('Of a move: what it is now'),
    currency: z.string().optional()
  },
  PAYMENT_NEEDED: { difference: z.number().int().describe('Minor units'), currency: z.string() },
  RATE_LIMITED: { retryAfter: retryAfter.optional() },
  BUSY: { retryAfter: retryAfter.optional() }
};

/** INVALID is 400 where not even the address can be read. */
export const statusesOf = (code: ProblemCode): readonly number[] => {
  if (code === 'TOO_LARGE') return [413];
  if (code === 'ERROR') return [500];
  return code === 'INVALID' ? [422, 400] : [HTTP_STATUS[code]];
};

const statusSchema = (statuses: readonly number[]) => {
  const [first, ...others] = statuses.map((status) => z.literal(status));
  return first && others.length > 0 ? z.union([first, ...others]) : (first ?? z.number().int());
};

const problemOf = (code: ProblemCode) =>
  z.object({
    type: z.literal('about:blank'),
    title: z.string(),
    status: statusSchema(statusesOf(code)),
    detail: z.string().describe('What happened and what to do next, for a person'),
    code: z.literal(code),
    ...DETAILS[code]
  });

const CODES = [...(Object.keys(HTTP_STATUS) as RefusalCode[]), 'TOO_LARGE', 'ERROR'] as const;

/** By code: the shape of its problem. */
export const problems: ReadonlyMap<ProblemCode, z.ZodType> = new Map(CODES.map((code) => [code, problemOf(code)]));

/** `SEAT_TAKEN` → `SeatTakenProblem`, its name among the components. */
export const problemName = (code: ProblemCode) =>
  `${code
    .toLowerCase()
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')}Problem`;
