import { z } from 'zod';
import { seatList } from './protocol.ts';
import type { SeatIndex } from './seat-map.ts';

/** What goes back to a buyer, and until when they may ask for it themselves. */

const reason = z
  .string()
  .trim()
  .min(1, 'is missing')
  .max(300, 'must have at most 300 characters')
  .regex(/^[^\p{Cc}]*$/u, 'must not hold control characters');

/** What an organizer gives back: some seats of a booking, or (without `seats`) all of it. */
export const refundBody = z.strictObject({ seats: seatList.optional(), reason });
export type RefundBody = z.infer<typeof refundBody>;
export const cancelShowBody = z.strictObject({ reason });

export const REFUND_UNTIL_DEFAULT_MIN = 24 * 60;
/** Minutes before the start until which customers may cancel; null: never. */
export const refundUntilMin = z
  .number('must be a number of minutes')
  .int('must be whole minutes')
  .min(0, 'must not be negative')
  .max(365 * 24 * 60, 'must be at most a year')
  .nullable();

const MINUTE_MS = 60_000;

/** Until when a customer may cancel by themselves; null: never. */
export const cancellableUntil = (startsAt: Date | string, untilMin: number | null): Date | null =>
  untilMin === null ? null : new Date(new Date(startsAt).getTime() - untilMin * MINUTE_MS);

/** The moment itself is too late already. */
export function mayCancel(startsAt: Date | string, untilMin: number | null, now: Date): boolean {
  const until = cancellableUntil(startsAt, untilMin);
  return until !== null && now < until;
}

export interface PricedSeat {
  index: SeatIndex;
  /**
   * What it cost in all, as it was charged: less its discount, with its part of every fee (of one for the booking too) and
   * its tax. All of that goes back with it, so seats given back one by one are together what was paid.
   */
  price: number;
}

/**
 * What going without `wanted` of the booking's live seats is worth (null: without any of them), in minor units. All of
 * them are worth everything that has not gone back yet, so nothing is ever left over. Null when one is not among them.
 */
export function worthOf(
  live: readonly PricedSeat[],
  wanted: readonly SeatIndex[] | null,
  left: number
): { seats: SeatIndex[]; amount: number; whole: boolean } | null {
  const chosen = wanted === null ? live : live.filter(({ index }) => wanted.includes(index));
  if (chosen.length < (wanted?.length ?? 0)) return null;
  const whole = chosen.length === live.length;
  const sum = chosen.reduce((total, { price }) => total + price, 0);
  return { seats: chosen.map(({ index }) => index), amount: whole ? left : Math.min(sum, left), whole };
}
