import { z } from 'zod';
import type { CheckInEvent } from './check-in.ts';
import { catalogId } from './ids.ts';
import type { RoomState } from './waiting-room.ts';

/**
 * The public contract as schemas: what a client may say (commands) and what it may hear (events and answers).
 * Types are inferred from here and nowhere written twice.
 */

/** A hold may have at most this many seats, whatever the cap of the show: it bounds the work of every script. */
export const MAX_SEATS_PER_HOLD = 50;

const seatIndex = z.number().int().min(0).max(199_999);

export const seatList = z
  .array(seatIndex)
  .min(1, 'must name at least one seat')
  .max(MAX_SEATS_PER_HOLD, `must name at most ${MAX_SEATS_PER_HOLD} seats`)
  .refine((seats) => new Set(seats).size === seats.length, 'names a seat twice');

const requestId = z.string().min(1).max(64);

/** The trace that a command belongs to (W3C Trace Context), for who follows their own program's calls through ours. */
const traced = { traceparent: z.string().length(55).optional() };

const placeName = z.string().min(1).max(64);
const wish = {
  count: z.number().int().min(1, 'must be at least 1').max(MAX_SEATS_PER_HOLD, `must be at most ${MAX_SEATS_PER_HOLD}`),
  tier: placeName.optional(),
  section: placeName.optional(),
  area: placeName.optional(),
  accessible: z.boolean().optional()
};
/** So many places together, the best that are available: what "2 together" asks for. */
export const seatWish = z.strictObject(wish);
export type SeatWish = z.infer<typeof seatWish>;
export const saleState = z.enum(['open', 'paused', 'closed']);
export type SaleState = z.infer<typeof saleState>;

// ── What a client may say over its socket ──────────────────────────────────────────────────────────────────

export const clientCommands = {
  'show:watch': z.strictObject({
    showId: catalogId,
    epoch: z.number().int().min(0).optional(),
    version: z.number().int().min(0).optional(),
    ...traced
  }),
  'show:unwatch': z.strictObject({ showId: catalogId, ...traced }),
  /** Which section they have before them, or none. Of this only the numbers of many leave the node: see `looks`. */
  'show:look': z.strictObject({ showId: catalogId, section: placeName.nullable(), ...traced }),
  /** `planId`: the plan on which the seats were clicked. Refused when the show has another one by now. */
  'seats:hold': z.strictObject({
    showId: catalogId,
    seats: seatList,
    requestId,
    planId: catalogId.optional(),
    ...traced
  }),
  'seats:best': z.strictObject({ showId: catalogId, ...wish, requestId, ...traced }),
  'seats:release': z.strictObject({ showId: catalogId, seats: seatList.optional(), ...traced }),
  'hold:extend': z.strictObject({ showId: catalogId, ...traced }),
  /** Comes into the waiting room, or says that they are still there: at least every 30 s. */
  'waiting-room:enter': z.strictObject({ showId: catalogId }),
  'waiting-room:leave': z.strictObject({ showId: catalogId }),
  /** From a gate: how many are in, now and whenever that changes. */
  'check-in:watch': z.strictObject({ showId: catalogId, ...traced })
} as const;
export type ClientCommand = keyof typeof clientCommands;
export type CommandPayload<C extends ClientCommand> = z.infer<(typeof clientCommands)[C]>;

// ── What it may hear ───────────────────────────────────────────────────────────────────────────────────────

export const hold = z.object({
  id: z.string(),
  showId: catalogId,
  seats: z.array(seatIndex),
  /** Milliseconds since 1970 by the server's clock; compare with serverTime, never with your own clock. */
  deadline: z.number().int(),
  hardLimit: z.number().int(),
  phase: z.enum(['selecting', 'paying']),
  /** The terms of the show it was made at: its seats cost no more than they did then. */
  terms: z.number().int().optional()
});
export type Hold = z.infer<typeof hold>;

/** Seats by their new state, each list ascending and difference-coded: [100, 1, 5] means 100, 101, 106. */
const changes = z.object({
  from: z.number().int(),
  to: z.number().int(),
  available: z.array(z.number().int()).optional(),
  held: z.array(z.number().int()).optional(),
  booked: z.array(z.number().int()).optional(),
  blocked: z.array(z.number().int()).optional()
});
export type Changes = z.infer<typeof changes>;

export const seatsFrame = changes.extend({ showId: catalogId, epoch: z.number().int() });
export type SeatsFrame = z.infer<typeof seatsFrame>;

/** Bytes, which JSON cannot say: a frame of its own on the socket. */
const bytes = z
  .custom<ArrayBuffer | Uint8Array>((given) => given instanceof ArrayBuffer || given instanceof Uint8Array)
  .meta({ format: 'binary', description: '2 bits a seat, in a binary frame' });

export const watchAnswer = z.object({
  epoch: z.number().int(),
  version: z.number().int(),
  capacity: z.number().int(),
  /** 2 bits a seat; absent when `changes` brings a viewer's own map up to date instead. */
  map: bytes.optional(),
  changes: changes.optional(),
  hold: hold.nullable(),
  sale: saleState,
  cancelled: z.boolean(),
  serverTime: z.number(),
  viewers: z.number().int()
});
export type WatchAnswer = z.infer<typeof watchAnswer>;

export const versionEvent = z.object({ showId: catalogId, epoch: z.number().int(), version: z.number().int() });
export type VersionEvent = z.infer<typeof versionEvent>;
export const holdEnded = z.object({ showId: catalogId, reason: z.enum(['expired', 'released', 'lost', 'booked']) });
export type HoldEnded = z.infer<typeof holdEnded>;
/** The buyer's own hold, when it changed in another of their tabs. */
export const ownHold = z.object({ showId: catalogId, hold: hold.nullable() });
export type OwnHold = z.infer<typeof ownHold>;
/**
 * What is different about the show. `live` false: the node cannot see the seats at the moment, so the map may be out
 * of date until it is true again. `terms`: prices, times or the like, to be read again. `plan`: another seating plan; all
 * indexes of seats mean other seats now.
 */
export const showChanged = z.object({
  showId: catalogId,
  sale: saleState.optional(),
  /** It does not take place: nothing on it can be booked any more. */
  cancelled: z.literal(true).optional(),
  live: z.boolean().optional(),
  terms: z.literal(true).optional(),
  plan: z.literal(true).optional()
});
export type ShowChanged = z.infer<typeof showChanged>;
export const showNotice = z.object({
  showId: catalogId,
  text: z.string(),
  level: z.enum(['info', 'warning']),
  at: z.number().int()
});
export type ShowNotice = z.infer<typeof showNotice>;
export const viewersEvent = z.object({ showId: catalogId, count: z.number().int() });
export type ViewersEvent = z.infer<typeof viewersEvent>;

/**
 * Where many look: people by section, of sections with at least ten, in tens and some seconds old. Nobody can be followed
 * by it.
 */
export const looksEvent = z.object({ showId: catalogId, sections: z.record(z.string(), z.number().int().min(10)) });
export type LooksEvent = z.infer<typeof looksEvent>;

/** The waiting list of this show has an offer for them: to be read at GET /waiting/mine. */
export const waitingOffer = z.object({ showId: catalogId });
export type WaitingOffer = z.infer<typeof waitingOffer>;

export interface ServerEvents {
  seats: SeatsFrame;
  version: VersionEvent;
  'hold:ended': HoldEnded;
  hold: OwnHold;
  'show:changed': ShowChanged;
  'show:notice': ShowNotice;
  viewers: ViewersEvent;
  looks: LooksEvent;
  'waiting:offer': WaitingOffer;
  'waiting-room': RoomState;
  'check-in': CheckInEvent;
}

// ── HTTP bodies ────────────────────────────────────────────────────────────────────────────────────────────

const email = z
  .string()
  .trim()
  .max(254)
  // Quotes, comments and line breaks are legal in RFC 5322 and have been used to smuggle recipients.
  .regex(/^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,63}$/, 'is not an e-mail address');
const password = z.string().min(8, 'must have at least 8 characters').max(200, 'must have at most 200 characters');

export const signUpBody = z.strictObject({
  email,
  password,
  name: z
    .string()
    .trim()
    .min(1, 'is missing')
    .max(120)
    .regex(/^[^\p{Cc}]*$/u, 'must not hold control characters')
});
/** Signing in takes any password: the demo's are shorter than new ones may be. */
export const signInBody = z.strictObject({ email, password: z.string().min(1, 'is missing').max(200) });

export const holdBody = z
  .strictObject({ seats: seatList.optional(), best: seatWish.optional(), planId: catalogId.optional() })
  .refine(({ seats, best }) => (seats === undefined) !== (best === undefined), {
    path: ['seats'],
    message: 'must be there, or best in its place'
  });

/** The ticket type of each seat, by its index; seats that are not named are of the show's first type. */
const typesBySeat = z
  .record(z.string().regex(/^\d{1,6}$/, 'is not the index of a seat'), z.string().max(60))
  .refine((types) => Object.keys(types).length <= MAX_SEATS_PER_HOLD, `must name at most ${MAX_SEATS_PER_HOLD} seats`);
const code = z
  .string()
  .trim()
  .max(64, 'must have at most 64 characters')
  .regex(/^[^\p{Cc}]*$/u, 'must not hold control characters');

/** In an address: `?types=12:child,13:adult&code=SPRING`. */
export const quoteQuery = z.object({
  types: z
    .string()
    .max(4000)
    .regex(
      /^\d{1,6}:[a-z0-9-]{1,60}(,\d{1,6}:[a-z0-9-]{1,60})*$/,
      'must be seats with their types, such as 12:child,13:adult'
    )
    .transform((list): Record<string, string> => Object.fromEntries(list.split(',').map((one) => one.split(':'))))
    .pipe(typesBySeat)
    .optional(),
  code: code.optional()
});

export const bookingBody = z.strictObject({
  holdId: z.string(),
  types: typesBySeat.optional(),
  promoCode: code.optional(),
  /** What the buyer was shown: with another total nothing is booked (PRICE_CHANGED). */
  expectedTotal: z.number().int().min(0).optional(),
  attendees: z
    .array(
      z
        .string()
        .trim()
        .max(120)
        .regex(/^[^\p{Cc}]*$/u, 'must not hold control characters')
    )
    .max(MAX_SEATS_PER_HOLD)
    .optional()
});
export const sandboxBody = z.strictObject({ outcome: z.enum(['success', 'decline', 'late', 'duplicate']) });
export type SandboxOutcome = z.infer<typeof sandboxBody>['outcome'];

export const broadcastBody = z.strictObject({
  text: z.string().trim().min(1, 'is missing').max(280, 'must have at most 280 characters'),
  level: z.enum(['info', 'warning']).default('info')
});

export const eventKind = z.enum(['movie', 'concert', 'theatre', 'sport', 'other']);
export type EventKind = z.infer<typeof eventKind>;

export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(200).optional()
});

/** What is searched for. Postgres has no text with a zero byte, and nothing of ours has control characters. */
const words = (max: number) =>
  z
    .string()
    .trim()
    .max(max, `must have at most ${max} characters`)
    .regex(/^[^\p{Cc}]*$/u, 'must not hold control characters');

export const eventsQuery = pageQuery.extend({
  q: words(100).optional(),
  kind: eventKind.optional(),
  venue: words(60).optional(),
  city: words(60).optional(),
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  sort: z.enum(['soonest', 'title']).default('soonest')
});
export type EventsQuery = z.infer<typeof eventsQuery>;
