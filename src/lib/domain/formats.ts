/**
 * Intl's formatters, each made once: a page writes dozens of times and prices, and making a formatter costs a phone more
 * than all that is written with it.
 */
const MOST = 1000;
const made = new Map<string, unknown>();

function once<Format>(key: string, make: () => Format): Format {
  const known = made.get(key) as Format | undefined;
  if (known !== undefined) return known;
  // Zones and currencies are few; what somebody else names might not be.
  if (made.size >= MOST) made.clear();
  const format = make();
  made.set(key, format);
  return format;
}

/** `dateFormat('en-GB', { timeZone, weekday: 'short' }).format(when)`. */
export const dateFormat = (locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  once(`date ${locale} ${JSON.stringify(options)}`, () => new Intl.DateTimeFormat(locale, options));

/** `numberFormat('en', { style: 'currency', currency }).format(24.5)`. */
export const numberFormat = (locale: string, options: Intl.NumberFormatOptions = {}): Intl.NumberFormat =>
  once(`number ${locale} ${JSON.stringify(options)}`, () => new Intl.NumberFormat(locale, options));
