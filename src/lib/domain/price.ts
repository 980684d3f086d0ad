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
