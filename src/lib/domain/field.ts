import { z } from 'zod';

/** What fields of the desk's bodies are made of, with the words for what is wrong. */
export const text = (max: number) =>
  z
    .string()
    .trim()
    .max(max, `must have at most ${max} characters`)
    .regex(/^[\P{Cc}\t\r\n]*$/u, 'must not hold control characters');
/** Tickets, mails and subjects print these in one line. */
export const line = (max: number) => text(max).regex(/^[^\p{Cc}]*$/u, 'must not hold control characters');
export const name = (max: number) => line(max).min(1, 'is missing');

export const moment = z.iso.datetime({
  offset: true,
  error: 'is not a time with its offset, such as 2026-12-12T19:30:00+01:00'
});

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));
export const currencies: readonly string[] = [...CURRENCIES];
export const currencyCode = z.string().refine((code) => CURRENCIES.has(code), 'is not a currency, such as EUR');

const DEAREST = 1_000_000_000_000;
export const minorUnits = z
  .number('must be an amount')
  .int('must be whole minor units')
  .min(0, 'must not be negative')
  .max(DEAREST, 'is too much');
