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

/** `24.5` in EUR is 2450 minor units; null for what is no amount, or finer than the currency's smallest coin. */
export function parseAmount(typed: string, currency: string): number | null {
  const match = /^(\d{1,12})(?:[.,](\d+))?$/.exec(typed.trim());
  const decimals = decimalsOf(currency);
  const [, whole = '', part = ''] = match ?? [];
  if (!match || part.length > decimals) return null;
  return Number(whole) * 10 ** decimals + Number(part.padEnd(decimals, '0') || '0');
}

/** `24.50`, as `parseAmount` reads it: the value of a field. */
export const amountText = (amount: number, currency: string) => {
  const decimals = decimalsOf(currency);
  return (amount / 10 ** decimals).toFixed(decimals);
};
