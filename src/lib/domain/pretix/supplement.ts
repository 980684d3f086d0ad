import { z } from 'zod';
import { planArea, planTier, seatAttribute, type Plan, type PlanSeat } from '#domain/plan.ts';
import type { Findings } from './findings.ts';

/**
 * The second file of an export: what pretix's format cannot say about a plan. Seats are named by their guid and rows by
 * their zone, so that a file edited in between still finds what belongs to it. Prices are no part of a plan: shows
 * have them.
 */
export const supplement = z.object({
  fullhouse: z.literal('pretix-supplement'),
  version: z.literal(1),
  capacity: z.int(),
  size: z.object({ width: z.number(), height: z.number() }),
  focus: z.object({ x: z.number(), y: z.number() }),
  /** The zone that is no section, but holds the drawings of the stage and of standing areas. */
  hall: z.string(),
  stage: z.object({ uuid: z.string(), label: z.string(), outline: z.array(z.tuple([z.number(), z.number()])) }),
  tiers: z.array(planTier.extend({ category: z.string() })),
  sections: z.array(z.string()),
  areas: z.array(planArea.extend({ uuid: z.string() })),
  /** In the plan's order: the zone, the how-manieth of its rows, the first seat's index, the number of seats. */
  rows: z.array(z.tuple([z.string(), z.int(), z.int(), z.int()])),
  /** The order of the plan's list of seats where it is not that of their indexes. */
  order: z.array(z.int()).nullable(),
  attributes: z.array(z.object({ attributes: z.array(seatAttribute), seats: z.array(z.string()) })),
  /** Seats that do not stand on a hundredth of our unit: guid, x, y. */
  exact: z.array(z.tuple([z.string(), z.number(), z.number()]))
});
export type Supplement = z.infer<typeof supplement>;

/** The second file by its schema; null when there is none or it is not one (which is then among the errors). */
export function readSupplement(value: unknown, found: Findings): Supplement | null {
  if (value === undefined || value === null) return null;
  const parsed = supplement.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const { path, message } of parsed.error.issues) found.error(['supplement', ...path].join('.'), message);
  return null;
}

export function gatherAttributes(seats: readonly PlanSeat[]): Supplement['attributes'] {
  const groups = new Map<string, Supplement['attributes'][number]>();
  for (const { id, attributes } of seats) {
    if (!attributes) continue;
    const key = attributes.join(' ');
    const group = groups.get(key) ?? { attributes: [...attributes], seats: [] };
    groups.set(key, group);
    group.seats.push(id);
  }
  return [...groups.values()];
}

/** The order of the seats where they are not listed by index. */
export const orderOf = ({ seats }: Plan): number[] | null =>
  seats.every((seat, n) => n === 0 || seat.index > (seats[n - 1]?.index ?? -1))
    ? null
    : seats.map(({ index }) => index);
