import { z } from 'zod';
import { planTier, seatAttribute } from '#domain/plan.ts';

/**
 * A seating plan while it is worked on: what the editor changes and the server keeps until it is published. Seats have
 * no index yet, they are told apart by their ids, which stay through all versions: a seat with the same id is the same
 * seat. Units are those of Plan (neighbours stand about 1 apart); the origin is anywhere.
 *
 * The limits here only bound the size; what a plan must be to be published is in problems.ts, so that unfinished work
 * can be saved.
 */
export const MOST_PLACES = 100_000;

// As long as those of imported files may be (TEXT_AT_MOST of the pretix format).
const id = z.string().min(1).max(200);
const name = z
  .string()
  .max(200)
  .regex(/^[^\p{Cc}]*$/u, 'must not hold control characters');
const number = z.number().min(-100_000).max(100_000);
const size = z.number().min(0).max(10_000);
const point = z.tuple([number, number]);
const outline = z.array(point).max(200);

export const draftSeat = z.strictObject({
  id,
  label: name,
  x: number,
  y: number,
  tier: id,
  attributes: z.array(seatAttribute).max(3).optional()
});

/** Seats in the order they stand; a row may be bent, or go around a table. */
export const draftRow = z.strictObject({
  id,
  section: id,
  label: name,
  /** The table that the seats stand around. */
  table: id.optional(),
  seats: z.array(draftSeat).max(2000)
});

export const draftTable = z.strictObject({
  id,
  label: name,
  shape: z.enum(['round', 'square']),
  /** Its middle. */
  x: number,
  y: number,
  width: size,
  height: size,
  /** Degrees, clockwise, around its middle. */
  rotation: z.number().min(-360).max(360)
});

/** Standing places: `count` of them, anywhere within the outline. */
export const draftArea = z.strictObject({
  id,
  name,
  count: z.number().int().min(0).max(MOST_PLACES),
  tier: id,
  outline
});

/** A picture to draw over, such as the architect's; it is not part of what is published. */
export const draftBackground = z.strictObject({
  picture: id,
  x: number,
  y: number,
  width: size,
  height: size,
  opacity: z.number().min(0).max(1)
});

export const planDraft = z.strictObject({
  name,
  /** There are five colours; files with more categories use them again. */
  tiers: z.array(planTier.extend({ id, name })).max(40),
  stage: z.strictObject({ label: name, outline }),
  focus: z.strictObject({ x: number, y: number }),
  sections: z.array(z.strictObject({ id, name })).max(1000),
  rows: z.array(draftRow).max(20_000),
  tables: z.array(draftTable).max(5000),
  areas: z.array(draftArea).max(200),
  background: draftBackground.nullable()
});
/** What PUT /plans/{id}/draft takes. */
export const draftBody = z.strictObject({ version: z.number().int().min(1), draft: planDraft });
export type PlanDraft = z.infer<typeof planDraft>;
export type DraftSeat = z.infer<typeof draftSeat>;
export type DraftRow = z.infer<typeof draftRow>;
export type DraftTable = z.infer<typeof draftTable>;
export type DraftArea = z.infer<typeof draftArea>;
export type DraftBackground = z.infer<typeof draftBackground>;
