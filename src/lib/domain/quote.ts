import { totalOf } from './price.ts';
import type { SeatIndex } from './seat-map.ts';

/**
 * What seats cost, to the last minor unit: tiers, ticket types, promo codes, fees and tax. Page, API, checkout and
 * receipt all ask here, so the price that is shown is the price that is charged.
 *
 * Amounts are whole minor units of one currency, whatever its decimals; shares are basis points (10,000 = all of it).
 * Every part belongs to a seat, so that giving back one seat of a booking gives back exactly what it cost.
 */
export const WHOLE = 10_000;

/** Adult, child …: this much of the tier's price, or an amount of its own whatever the tier. */
export type TicketType = { id: string; name: string } & ({ share: number } | { price: number });

/** Added to the prices: for each ticket an amount, a share of its price, or both; and an amount for the booking. */
export interface Fee {
  name: string;
  perTicket: number;
  share: number;
  perBooking: number;
}

/** `included`: the prices contain it, and it is only shown. Else it is added, to fees too. */
export interface Tax {
  name: string;
  share: number;
  included: boolean;
}

/** A share off each ticket, or an amount off the booking. */
export type Promo = { code: string; share: number } | { code: string; amount: number };

export interface SeatToPrice {
  seat: SeatIndex;
  /** The price of its tier. */
  price: number;
  type: TicketType | null;
}

export interface SeatPrice {
  seat: SeatIndex;
  type: TicketType | null;
  tierPrice: number;
  /** By tier and ticket type, before all else. */
  price: number;
  discount: number;
  fees: number;
  /** Tax that is added. */
  tax: number;
  /** Tax that the amount contains already. */
  taxIncluded: number;
  /** price − discount + fees + tax: what this seat costs, and what giving it back gives back. */
  amount: number;
}

export interface Quote {
  seats: SeatPrice[];
  /** All prices by tier and ticket type. */
  subtotal: number;
  discount: number;
  fees: { name: string; amount: number }[];
  tax: { name: string; amount: number; included: boolean } | null;
  total: number;
}

export interface Terms {
  fees: readonly Fee[];
  tax: Tax | null;
  promo: Promo | null;
}

/** What a place of this tier costs as this type, before all else. */
export function typedPrice(tierPrice: number, type: TicketType | null): number {
  if (!type) return tierPrice;
  return 'price' in type ? type.price : shareOf(tierPrice, type.share);
}

export function quote(wanted: readonly SeatToPrice[], { fees, tax, promo }: Terms): Quote {
  const prices = wanted.map(({ price, type }) => typedPrice(price, type));
  const discounts = discountsOf(prices, promo);
  const paid = prices.map((price, n) => price - at(discounts, n));
  const charged = fees.map((fee) => feesOf(paid, fee));
  const feesBySeat = paid.map((_, n) => charged.reduce((sum, parts) => sum + at(parts, n), 0));
  const seats = wanted.map(({ seat, type, price: tierPrice }, n): SeatPrice => {
    const before = at(paid, n) + at(feesBySeat, n);
    const added = tax && !tax.included ? shareOf(before, tax.share) : 0;
    const taxIncluded = tax?.included ? containedIn(before, tax.share) : 0;
    const parts = {
      price: at(prices, n),
      discount: at(discounts, n),
      fees: at(feesBySeat, n),
      tax: added,
      taxIncluded
    };
    return { seat, type, tierPrice, ...parts, amount: before + added };
  });
  const total = totalOf(seats.map(({ amount }) => amount));
  return {
    seats,
    subtotal: sum(prices),
    discount: sum(discounts),
    fees: fees.map(({ name }, n) => ({ name, amount: sum(charged[n] ?? []) })).filter(({ amount }) => amount > 0),
    tax: tax && {
      ...{ name: tax.name, included: tax.included },
      amount: sum(seats.map((seat) => (tax.included ? seat.taxIncluded : seat.tax)))
    },
    total
  };
}

/** part ÷ whole of an amount, half a unit rounded up, as people do who check it by hand; exact for every amount. */
export const portion = (amount: number, part: number, whole: number) =>
  Number((2n * BigInt(amount) * BigInt(part) + BigInt(whole)) / (2n * BigInt(whole)));

const shareOf = (amount: number, share: number) => portion(amount, share, WHOLE);

function discountsOf(prices: readonly number[], promo: Promo | null): number[] {
  if (!promo) return prices.map(() => 0);
  if ('share' in promo) return prices.map((price) => Math.min(price, shareOf(price, promo.share)));
  return spread(Math.min(promo.amount, sum(prices)), prices);
}

/** A seat that costs nothing (a child on a lap, a code that takes it all) carries no fee either. */
function feesOf(paid: readonly number[], fee: Fee): number[] {
  const each = paid.map((price) => (price === 0 ? 0 : fee.perTicket + shareOf(price, fee.share)));
  const ofBooking = spread(fee.perBooking, paid);
  return each.map((amount, n) => amount + at(ofBooking, n));
}

const containedIn = (amount: number, share: number) => portion(amount, share, WHOLE + share);

/**
 * An amount over seats in proportion to what they cost, whole units, nothing lost: the parts add up to it, and no part
 * is more than its seat's weight when the amount is at most the sum of the weights. Nothing goes to nothing.
 */
export function spread(amount: number, weights: readonly number[]): number[] {
  const all = sum(weights);
  if (all === 0 || amount === 0) return weights.map(() => 0);
  let [seen, given] = [0n, 0];
  return weights.map((weight) => {
    seen += BigInt(weight);
    // By the running sum: what was rounded off one seat is given to the next.
    const until = Number((BigInt(amount) * seen) / BigInt(all));
    const part = until - given;
    given = until;
    return part;
  });
}

const sum = (amounts: readonly number[]) => amounts.reduce((all, amount) => all + amount, 0);
const at = (amounts: readonly number[], n: number) => amounts[n] ?? 0;
