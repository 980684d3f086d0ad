import { numberFormat } from './formats.ts';
import { currentLanguage, LOCALES } from './language.ts';

/** An amount in minor units (cents, paise, yen) with its ISO 4217 currency. */
export interface Money {
  amount: number;
  currency: string;
}

/** How many decimals a currency has: 2 for EUR, 0 for JPY, 3 for KWD. */
export function decimalsOf(currency: string): number {
  const known = decimals.get(currency);
  if (known !== undefined) return known;
  const found = numberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  decimals.set(currency, found);
  return found;
}
/** An export asks for every row. There are some 160 currencies. */
const decimals = new Map<string, number>();

/** `formatMoney({ amount: 240000, currency: 'INR' })` is ₹2,400 in English: decimals appear only when there are any. */
export function formatMoney({ amount, currency }: Money, language = currentLanguage()): string {
  const digits = decimalsOf(currency);
  const unit = 10 ** digits;
  return numberFormat(LOCALES[language], {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: amount % unit === 0 ? 0 : digits
  }).format(amount / unit);
}

/** `24.5` in EUR is 2450 minor units; null for what is no amount, or finer than the currency's smallest coin. */
export function parseAmount(typed: string, currency: string): number | null {
  const match = /^(\d{1,12})(?:[.,](\d+))?$/.exec(typed.trim());
  const digits = decimalsOf(currency);
  const [, whole = '', part = ''] = match ?? [];
  if (!match || part.length > digits) return null;
  return Number(whole) * 10 ** digits + Number(part.padEnd(digits, '0') || '0');
}

/** `24.50`, as `parseAmount` reads it: the value of a field. */
export const amountText = (amount: number, currency: string) => {
  const digits = decimalsOf(currency);
  return (amount / 10 ** digits).toFixed(digits);
};
