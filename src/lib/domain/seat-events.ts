import { z } from 'zod';
import { STATE_NAMES, type SeatState } from './seat-map.ts';

/** What happened to the seats of a show, as it is kept: what those who run it may ask and are told. */

/** `seat` is a name as people type it (`Stalls A 12`), or the seat's index. Times are RFC 3339. */
export const seatEventsQuery = z.object({
  seat: z
    .string()
    .trim()
    .max(100, 'must have at most 100 characters')
    .regex(/^[^\p{Cc}]*$/u, 'must not hold control characters')
    .optional(),
  from: z.iso.datetime({ offset: true, error: 'is not a time, such as 2026-12-12T19:30:00Z' }).optional(),
  to: z.iso.datetime({ offset: true, error: 'is not a time, such as 2026-12-12T19:30:00Z' }).optional(),
  cursor: z
    .string()
    .regex(/^\d{1,15}\.\d{1,15}$/, 'is not a cursor of ours')
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50)
});
export type SeatEventsQuery = z.infer<typeof seatEventsQuery>;

export const seatHappening = z.enum([
  ...(['held', 'released', 'expired', 'booked', 'given-back', 'blocked', 'unblocked'] as const),
  // Set aside for the waiting list, and put on sale again because nobody there wanted it.
  ...(['set-aside', 'passed-on'] as const),
  // The organizer ended the hold; the hold lost the seat to a booking; the map was made to agree with the books.
  ...(['revoked', 'lost', 'mended'] as const),
  // The map was made from the books, or taken away.
  ...(['map-made', 'map-ended'] as const)
]);
export type SeatHappening = z.infer<typeof seatHappening>;

const BY_CAUSE: Readonly<Record<string, SeatHappening>> = {
  ...{ hold: 'held', move: 'held', release: 'released', expire: 'expired', book: 'booked' },
  ...{ free: 'given-back', wait: 'set-aside' },
  ...{ block: 'blocked', unblock: 'unblocked', pass: 'passed-on', revoke: 'revoked', lost: 'lost' },
  ...{ load: 'map-made', end: 'map-ended' }
};

/** An entry of the log by its name here: blocks made by the desk come as mends and as ends of holds. */
export function happeningOf(cause: string, state: SeatState): SeatHappening {
  if (STATE_NAMES[state] === 'blocked') return 'blocked';
  return BY_CAUSE[cause] ?? 'mended';
}

export const seatEvent = z.object({
  /** Names the entry: the versions of an epoch go up by one, epochs go up. */
  epoch: z.number().int(),
  version: z.number().int(),
  at: z.string(),
  what: seatHappening,
  /** What the seats were then. */
  state: z.enum(STATE_NAMES),
  /** Indexes of the plan that the show had then: the one that was asked for, or all that changed together. */
  seats: z.array(z.number().int()),
  /** The end of the buyer's id: tells one from another and names nobody. */
  buyer: z.string().nullable(),
  booking: z.object({ id: z.string(), status: z.string() }).nullable(),
  /** Of a block, as it was given. */
  reason: z.string().nullable()
});
export type SeatEvent = z.infer<typeof seatEvent>;

/** Where entries are missing; `to` is null where nobody can know how many. */
export const seatGap = z.object({
  epoch: z.number().int(),
  from: z.number().int(),
  to: z.number().int().nullable(),
  reason: z.enum(['trimmed', 'lost', 'went-back']),
  noticedAt: z.string()
});
export type SeatGap = z.infer<typeof seatGap>;

export const seatEventsPage = z.object({
  items: z.array(seatEvent),
  gaps: z.array(seatGap),
  next: z.string().nullable()
});
export type SeatEventsPage = z.infer<typeof seatEventsPage>;

// ── Replay ─────────────────────────────────────────────────────────────────────────────────────────────────

/** From a kept map on: `from` is its version, `to` the version that the page goes up to. */
export const replayQuery = z.object({
  epoch: z.coerce.number().int().min(0),
  from: z.coerce.number().int().min(0),
  to: z.coerce.number().int().min(0)
});
export type ReplayQuery = z.infer<typeof replayQuery>;

/** Columns, because thousands of entries as objects would mostly be names. */
export const replayPage = z.object({
  epoch: z.number().int(),
  from: z.number().int(),
  /** 2 bits a seat, base64. */
  map: z.string(),
  /** ms since 1970 of the map; then ms from each entry to the next. */
  at: z.number().int(),
  steps: z.array(z.number().int()),
  /** One digit an entry. */
  states: z.string(),
  seats: z.array(z.array(z.number().int())),
  versions: z.array(z.number().int())
});
export type ReplayPage = z.infer<typeof replayPage>;

/** One epoch of the map, and where playing it can begin. Times are ms since 1970. */
export interface ReplayRun {
  epoch: number;
  planId: string;
  capacity: number;
  from: number;
  to: number;
  last: number;
  starts: { version: number; at: number }[];
}

export interface CountsAt {
  at: number;
  held: number;
  booked: number;
  blocked: number;
}

export interface SeatHistory {
  runs: ReplayRun[];
  gaps: SeatGap[];
  /** How many seats were what, over time. */
  series: (CountsAt & { capacity: number })[];
}
