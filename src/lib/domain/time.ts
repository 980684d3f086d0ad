/** The zone's city in words: `Asia/Kolkata` → `Kolkata time`. */
export const zoneInWords = (timeZone: string) =>
  `${(timeZone.split('/').at(-1) ?? timeZone).replaceAll('_', ' ')} time`;

/** `Sat 12 December 2026 · 19:30 (Kolkata time)`: when a show starts, for the people who go there. */
export function showTime(at: Date | string, timeZone: string, locale = 'en-GB'): string {
  const when = new Date(at);
  const day = new Intl.DateTimeFormat(locale, {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'long',
    year: 'numeric'
  })
    .format(when)
    .replace(',', '');
  return `${day} · ${clock(when, timeZone, locale)} (${zoneInWords(timeZone)})`;
}

/** `19:30` in that zone. */
export const clock = (at: Date | string, timeZone?: string, locale = 'en-GB') =>
  new Intl.DateTimeFormat(locale, {
    ...(timeZone === undefined ? {} : { timeZone }),
    hour: '2-digit',
    minute: '2-digit'
  }).format(new Date(at));

/** `2026-12-12`, the calendar day in that zone: what shows are grouped by. */
export const dayOf = (at: Date | string, timeZone: string) =>
  new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    new Date(at)
  );
