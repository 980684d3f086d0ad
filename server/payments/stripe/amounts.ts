import { decimalsOf } from '#domain/money.ts';

/**
 * Stripe counts in its own smallest units, which are not always those of ISO 4217.
 * Source: https://docs.stripe.com/currencies#zero-decimal and #three-decimal.
 */
const WITHOUT_DECIMALS = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '));
/** Three decimals, of which Stripe takes the last as 0 only. */
const WITH_THREE = new Set('BHD JOD KWD OMR TND'.split(' '));

const stripeDecimals = (currency: string) => (WITHOUT_DECIMALS.has(currency) ? 0 : WITH_THREE.has(currency) ? 3 : 2);

/** Our minor units as Stripe's. Throws where Stripe cannot take the amount. */
export function toStripe(amount: number, currency: string): number {
  const theirs = amount * 10 ** (stripeDecimals(currency) - decimalsOf(currency));
  if (!Number.isSafeInteger(theirs) || (WITH_THREE.has(currency) && theirs % 10 !== 0)) {
    throw new RangeError(`Stripe cannot take ${amount} minor units of ${currency}`);
  }
  return theirs;
}

export const fromStripe = (amount: number, currency: string): number =>
  amount * 10 ** (decimalsOf(currency) - stripeDecimals(currency));
