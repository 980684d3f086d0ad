import { z } from 'zod';

/**
 * The seating plan format of pretix (seating-plan.schema.json of pretix, as of 2024): zones hold rows, rows hold seats,
 * and the position of a seat is the sum of its zone's, its row's and its own. Distances are pixels.
 */

/**
 * One of our units, the distance of two neighbours, in pixels of a file that we write. pretix draws a seat with a
 * radius of 10, so 25 leaves a gap between them. Our hundredths become quarters of a pixel, which are exact in binary:
 * the sum of three positions loses nothing.
 */
export const PIXELS_PER_UNIT = 25;

export const SEATS_AT_MOST = 200_000;
export const ROWS_AT_MOST = 50_000;
/** Characters of a file, some ten times what 100,000 seats need. */
export const LETTERS_AT_MOST = 64 * 1024 * 1024;
export const TEXT_AT_MOST = 200;
/** No hall is larger; what stands further out is a slip of the pen or of a program (pixels). */
export const FAR = 10_000_000;

/** Colours of the five price tiers with lights up, as in the styles: pretix draws on white. */
export const TIER_COLORS = ['#a86200', '#0a6ea8', '#0b7a57', '#a83f7d', '#5b46b8'] as const;

const coordinate = z.number().min(-FAR).max(FAR);
const name = z.string().min(1).max(TEXT_AT_MOST);
export const position = z.object({ x: coordinate, y: coordinate });
export type Point = z.infer<typeof position>;

export const pretixSeat = z.object({
  seat_guid: name,
  seat_number: name,
  position,
  category: z.string().min(1).max(TEXT_AT_MOST)
});
export type PretixSeat = z.infer<typeof pretixSeat>;

const pretixRow = z.object({ row_number: name, position, seats: z.array(pretixSeat) });

const shape = { uuid: z.string(), position, color: z.string(), border_color: z.string(), rotation: z.literal(0) };
const text = z.object({ text: z.string(), position, size: z.int(), color: z.string() });
const pretixArea = z.discriminatedUnion('shape', [
  z.object({ ...shape, shape: z.literal('polygon'), polygon: z.object({ points: z.array(position) }), text }),
  z.object({ ...shape, shape: z.literal('text'), text })
]);
export type PretixArea = z.infer<typeof pretixArea>;

const pretixZone = z.object({
  name,
  zone_id: z.string(),
  position,
  rows: z.array(pretixRow),
  areas: z.array(pretixArea)
});

/** What we write: a part of what the format allows. What we read may be far from it, see read.ts. */
export const pretixFile = z.object({
  name: z.string(),
  categories: z.array(z.object({ name, color: z.string() })),
  zones: z.array(pretixZone),
  size: z.object({ width: z.int(), height: z.int() })
});
export type PretixFile = z.infer<typeof pretixFile>;
export type PretixZone = PretixFile['zones'][number];

/** Our hundredths in pixels; the way back is `toUnits`. */
export const toPixels = (units: number): number => (Math.round(units * 100) * PIXELS_PER_UNIT) / 100;

/** Pixels in our units, to the hundredth: four times finer than what a screen shows. */
export const toUnits = (pixels: number, perUnit: number): number => Math.round((pixels * 100) / perUnit) / 100 + 0;
