/**
 * What a booking costs, in minor units: the sum of its seats' prices. One function for page, API, payment and
 * mail, so that the price shown is the price charged. Throws where the sum would no longer be exact.
 */
export function totalOf(prices: readonly number[]): number {
  let total = 0;
  for (const price of prices) {
    if (!Number.isSafeInteger(price) || price < 0) throw new RangeError(`${price} is not a price in minor units`);
    total += price;
  }
  if (!Number.isSafeInteger(total)) throw new RangeError('the total is too large to be exact');
  return total;
}

/** What a tier cost at earlier terms of the show, in its currency of today. */
export interface EarlierPrice {
  terms: number;
  tier: string;
  price: number;
}

/**
 * What a seat of this tier costs its holder: the least of the prices since it was held, so nobody pays more than they
 * were shown. `heldAt`: the terms their hold was made at; undefined for a seat that is not held yet. One function for
 * the page, the checkout and the booking.
 */
export function priceSince(
  now: { tier: string; price: number },
  earlier: readonly EarlierPrice[],
  heldAt: number | undefined
): number {
  if (heldAt === undefined) return now.price;
  return earlier
    .filter(({ tier, terms }) => tier === now.tier && terms >= heldAt)
    .reduce((least, { price }) => Math.min(least, price), now.price);
}
