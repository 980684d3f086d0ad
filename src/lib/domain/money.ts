import { z } from 'zod';

/** An amount in minor units (cents, paise, yen) with its ISO 4217 currency. */
export const money = z.object({ amount: z.number().int(), currency: z.string().regex(/^[A-Z]{3}$/) });
export type Money = z.infer<typeof money>;

/** How many decimals a currency has: 2 for EUR, 0 for JPY, 3 for KWD. */
export function decimalsOf(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** `formatMoney({ amount: 240000, currency: 'INR' })` is ₹2,400: decimals appear only when there are any. */
export function formatMoney({ amount, currency }: Money, locale = 'en'): string {
  const decimals = decimalsOf(currency);
  const unit = 10 ** decimals;
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: amount % unit === 0 ? 0 : decimals
  }).format(amount / unit);
}
