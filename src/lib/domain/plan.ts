import { z } from 'zod';

/**
 * A published seating plan: what GET /shows/{id}/plan answers. Coordinates are metres-like units
 * (neighbours stand about 1 apart), y grows away from the stage. Seat `index` is its place in the seat map.
 */
export const seatAttribute = z.enum(['wheelchair', 'companion', 'restricted']);
export type SeatAttribute = z.infer<typeof seatAttribute>;

export const planTier = z.object({ id: z.string(), name: z.string(), ordinal: z.number().int().min(1).max(5) });

export const planSection = z.object({ id: z.string(), name: z.string() });

/** Seats of a row are the indexes first … first + count − 1, in the order they stand. */
export const planRow = z.object({
  section: z.string(),
  label: z.string(),
  first: z.number().int(),
  count: z.number().int()
});

export const planSeat = z.object({
  index: z.number().int(),
  id: z.string(),
  label: z.string(),
  x: z.number(),
  y: z.number(),
  tier: z.string(),
  attributes: z.array(seatAttribute).optional()
});
export type PlanSeat = z.infer<typeof planSeat>;

/** A standing area: `count` places without positions; the polygon is where it is drawn. */
export const planArea = z.object({
  id: z.string(),
  name: z.string(),
  first: z.number().int(),
  count: z.number().int(),
  tier: z.string(),
  outline: z.array(z.tuple([z.number(), z.number()]))
});

/** Decoration: seats stand around it, but it is no place itself. */
export const planTable = z.object({ label: z.string(), outline: z.array(z.tuple([z.number(), z.number()])) });

export const plan = z.object({
  name: z.string(),
  capacity: z.number().int(),
  size: z.object({ width: z.number(), height: z.number() }),
  /** Where the eyes go: best-available measures distance from here. */
  focus: z.object({ x: z.number(), y: z.number() }),
  stage: z.object({ label: z.string(), outline: z.array(z.tuple([z.number(), z.number()])) }),
  tiers: z.array(planTier),
  sections: z.array(planSection),
  rows: z.array(planRow),
  seats: z.array(planSeat),
  areas: z.array(planArea),
  tables: z.array(planTable).optional()
});
export type Plan = z.infer<typeof plan>;
export type PlanRow = z.infer<typeof planRow>;
export type PlanSection = z.infer<typeof planSection>;
export type PlanTier = z.infer<typeof planTier>;
export type PlanArea = z.infer<typeof planArea>;
export type PlanTable = z.infer<typeof planTable>;

/** `Stalls, row F, seat 7` for tickets and screen readers; `F7` for a badge. */
export interface SeatName {
  label: string;
  short: string;
  tier: string;
}

/** The names of all places, by index: seats by row, and the places of standing areas. */
export function nameSeats(of: Plan): SeatName[] {
  const names: SeatName[] = new Array<SeatName>(of.capacity);
  const sections = new Map(of.sections.map((section) => [section.id, section.name]));
  const seatAt = new Map(of.seats.map((seat) => [seat.index, seat]));
  for (const row of of.rows) {
    for (let index = row.first; index < row.first + row.count; index++) {
      const seat = seatAt.get(index);
      if (!seat) throw new Error(`row ${row.label} names seat ${index}, which the plan does not have`);
      names[index] = {
        label: `${sections.get(row.section) ?? row.section}, row ${row.label}, seat ${seat.label}`,
        short: `${row.label}${seat.label}`,
        tier: seat.tier
      };
    }
  }
  for (const area of of.areas) {
    for (let n = 0; n < area.count; n++) {
      names[area.first + n] = { label: `${area.name}, standing`, short: area.name, tier: area.tier };
    }
  }
  return names;
}
