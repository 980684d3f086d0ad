import { quoteSince, type ShowPrices } from '#domain/kept-price.ts';
import type { Quote } from '#domain/quote.ts';

/** A seat of the buyer's as the panel beside the map shows it. */
export interface HeldSeat {
  index: number;
  label: string;
  short: string;
  price: number;
  tier: string;
  ordinal: number;
  tierName: string;
}

/**
 * What they cost as the checkout begins: every seat of the first ticket type, at the terms the hold was made at
 * (`heldAt`). Null for a moment, while the plan is another one.
 */
export function quoteOf(seats: readonly HeldSeat[], prices: ShowPrices, heldAt: number | undefined): Quote | null {
  if (!seats.every(({ tier }) => prices.tiers.some((one) => one.tier === tier))) return null;
  const wanted = seats.map(({ index, tier }) => ({ seat: index, tier, type: null }));
  const found = quoteSince(wanted, prices, heldAt, null);
  return 'total' in found ? found : null;
}
