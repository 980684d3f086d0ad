import { priceSince, type EarlierPrice } from './price.ts';
import type { Pricing } from './pricing.ts';
import {
  quote,
  typedPrice,
  WHOLE,
  type Promo,
  type Quote,
  type SeatToPrice,
  type Terms,
  type TicketType
} from './quote.ts';
import type { SeatIndex } from './seat-map.ts';

/** All prices of a show: those of today, and those it had. */
export interface ShowPrices extends Pricing {
  tiers: readonly { tier: string; price: number }[];
  earlier: { prices: readonly EarlierPrice[]; pricing: readonly EarlierPricing[] };
}
/** Ticket types, fees and tax at earlier terms of the show. */
export interface EarlierPricing extends Pricing {
  terms: number;
}

/** A seat by its tier, and the id of the ticket type that was chosen for it; null: none was. */
export interface WantedSeat {
  seat: SeatIndex;
  tier: string;
  type: string | null;
}

/** Ticket types that a hold may choose of: today's first, then those it was shown and that are gone. */
export function typesSince(prices: ShowPrices, heldAt: number | undefined): TicketType[] {
  const found = new Map<string, TicketType>();
  for (const { ticketTypes } of sinceHeld(prices, heldAt)) {
    for (const type of ticketTypes) if (!found.has(type.id)) found.set(type.id, type);
  }
  return [...found.values()];
}

/**
 * What seats cost their holder, who pays no more than they were shown: the least a seat has cost since it was held, by
 * tier and ticket type, and of all fees and taxes since then those that make the least total. `heldAt`: the terms the
 * hold was made at; undefined for seats that are not held. The one way to a price, for page, API, checkout and receipt.
 * Answers the seat whose ticket type nobody offers or offered since then.
 */
export function quoteSince(
  wanted: readonly WantedSeat[],
  prices: ShowPrices,
  heldAt: number | undefined,
  promo: Promo | null
): Quote | { unknownType: SeatIndex } {
  const priced = pricedSince(wanted, prices, heldAt, promo);
  return 'quote' in priced ? priced.quote : priced;
}

/** The same with the fees and the tax that made the least total: what is written down with a booking. */
export function pricedSince(
  wanted: readonly WantedSeat[],
  prices: ShowPrices,
  heldAt: number | undefined,
  promo: Promo | null
): { quote: Quote; terms: Terms } | { unknownType: SeatIndex } {
  const since = sinceHeld(prices, heldAt);
  const tiers = new Map(
    prices.tiers.map((tier) => [tier.tier, priceSince(tier, prices.earlier.prices, heldAt)] as const)
  );
  const seats: SeatToPrice[] = [];
  for (const { seat, tier, type: chosen } of wanted) {
    const price = tiers.get(tier);
    if (price === undefined) throw new Error(`seat ${seat} is of the tier ${tier}, which has no price`);
    const type = cheapest(price, chosen ?? prices.ticketTypes[0]?.id ?? null, since);
    if (type === undefined) return { unknownType: seat };
    seats.push({ seat, price, type });
  }
  const priced = since.map(({ fees, tax }) => {
    const terms: Terms = { fees, tax, promo };
    return { quote: quote(seats, terms), terms };
  });
  return priced.reduce((least, one) => (one.quote.total < least.quote.total ? one : least));
}

/** Today's first: where terms cost the same, a receipt says what is true now. */
const sinceHeld = (prices: ShowPrices, heldAt: number | undefined): readonly Pricing[] => [
  prices,
  ...(heldAt === undefined ? [] : prices.earlier.pricing.filter(({ terms }) => terms >= heldAt)).toReversed()
];

/** The type as it cost least. When the show had none at all, everybody paid the tier's price: so may who holds since. */
function cheapest(price: number, id: string | null, since: readonly Pricing[]): TicketType | null | undefined {
  if (id === null) return null;
  const [first, ...others] = since.flatMap(({ ticketTypes }) => ticketTypes.filter((type) => type.id === id));
  if (!first) return undefined;
  const least = others.reduce((best, one) => (typedPrice(price, one) < typedPrice(price, best) ? one : best), first);
  const hadNone = since.some(({ ticketTypes }) => ticketTypes.length === 0);
  if (hadNone && price < typedPrice(price, least)) return { id, name: least.name, share: WHOLE };
  return least;
}
