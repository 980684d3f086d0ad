import { clock } from '#domain/time.ts';

/** `Sat 12 Dec, 19:30` in the show's own zone. */
export function shortTime(at: string, timeZone: string): string {
  const day = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', day: 'numeric', month: 'short' });
  return `${day.format(new Date(at)).replace(',', '')}, ${clock(at, timeZone)}`;
}

/** `Saturday 12 December 2026` in the show's own zone. */
export const longDay = (at: string, timeZone: string) =>
  new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
    .format(new Date(at))
    .replace(',', '');
