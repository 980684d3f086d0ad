import { z } from 'zod';
import { catalogId } from './ids.ts';

/** The waiting room of a hot show: what is published of it, and what each who waits is told. */

/** lobby: whoever comes is in the draw. closed: the list is fixed. open: the draw is public, and people are admitted. */
export const roomPhase = z.enum(['lobby', 'closed', 'open']);
export type RoomPhase = z.infer<typeof roomPhase>;

const hex = z.string().regex(/^[0-9a-f]{64}$/);
const place = z.number().int().min(0);

/** The same for everybody: sent once a tick at most, and to be read at GET /shows/{id}/waiting-room. */
export const roomState = z.object({
  showId: catalogId,
  phase: roomPhase,
  opensAt: z.string().describe('When the sale opens, RFC 3339'),
  commitment: hex.describe('SHA-256 of the seed, published before anybody came'),
  entrants: z.number().int().nullable().describe('How many are in the draw; null before its list is closed'),
  listHash: hex.nullable().describe('SHA-256 of the tickets in the draw, ascending, with line feeds between'),
  drawn: z.boolean().describe('Whether the seed is public'),
  waiting: z.number().int().describe('Here and not admitted yet'),
  inside: z.number().int().describe('Admitted, with time left'),
  admittedTo: place.describe('The last place that was admitted'),
  perMinute: z.number().describe('Admissions a minute, as the load allows now'),
  paused: z.boolean(),
  serverTime: z.number()
});
export type RoomState = z.infer<typeof roomState>;

/** Where one buyer stands. `out`: they have no ticket. */
export const roomPlace = z.object({
  state: z.enum(['out', 'waits', 'admitted']),
  ticket: z.string().nullable().describe('Public: the name of this buyer in the draw'),
  place: place.nullable().describe('0 before the draw'),
  before: z.number().int().nullable().describe('How many who are here now come first'),
  admittedUntil: z.number().nullable().describe('ms since 1970; choose seats before that'),
  room: roomState
});
export type RoomPlace = z.infer<typeof roomPlace>;

/** Everything that the draw can be checked with: see /verify-draw.mjs. */
export const roomDraw = z.object({
  showId: catalogId,
  commitment: hex,
  tickets: z.array(z.string()).nullable().describe('In the draw, ascending; null before the list is closed'),
  entrants: z.number().int().nullable(),
  listHash: hex.nullable(),
  closedAt: z.string().nullable(),
  seed: hex.nullable().describe('null until the sale opens'),
  drawnAt: z.string().nullable()
});
export type RoomDraw = z.infer<typeof roomDraw>;

const wholeNumber = (least: number, most: number) =>
  z
    .number('must be a number')
    .int('must be a whole number')
    .min(least, `must be at least ${least}`)
    .max(most, `must be at most ${most}`);

/** What an organizer asks of a hot show, beside its cap per buyer. */
export const fairness = {
  /** The most that its waiting room admits in a minute; null: it has none. */
  roomPerMinute: wholeNumber(1, 100_000).nullable(),
  /** How long an admission lasts. */
  roomMinutes: wholeNumber(2, 120),
  /** What one network may have; null: any number. */
  seatsPerNetwork: wholeNumber(1, 10_000).nullable(),
  /** The first wait of who lets holds run out again and again; 0: none. */
  coolDownSeconds: wholeNumber(0, 1800)
};
export const FAIRNESS_USUAL = { roomPerMinute: null, roomMinutes: 10, seatsPerNetwork: null, coolDownSeconds: 60 };
export interface Fairness {
  roomPerMinute: number | null;
  roomMinutes: number;
  seatsPerNetwork: number | null;
  coolDownSeconds: number;
}

/** How long it will take, at the pace of now (minutes); null when nobody can say. */
export const minutesLeft = (before: number, perMinute: number): number | null =>
  perMinute > 0 ? Math.max(1, Math.ceil((before + 1) / perMinute)) : null;
