import { dateFormat } from './formats.ts';
import { currentLanguage, LOCALES, type Language } from './language.ts';
import { zone_time } from './messages/compiled/time.js';

/** The zone's city in words: `Asia/Kolkata` → `Kolkata time`. */
export const zoneInWords = (timeZone: string, language = currentLanguage()) =>
  zone_time({ city: (timeZone.split('/').at(-1) ?? timeZone).replaceAll('_', ' ') }, { locale: language });

/** English on paper has a comma after the weekday that nobody says. */
const written = (day: Intl.DateTimeFormat, at: Date, language: Language) =>
  language === 'en' ? day.format(at).replace(',', '') : day.format(at);

/** `Sat 12 Dec, 19:30` in that zone. */
export function shortTime(at: Date | string, timeZone: string, language = currentLanguage()): string {
  const options: Intl.DateTimeFormatOptions = { timeZone, weekday: 'short', day: 'numeric', month: 'short' };
  const day = dateFormat(LOCALES[language], options);
  return `${written(day, new Date(at), language)}, ${clock(at, timeZone, language)}`;
}

/** `Saturday 12 December 2026` in that zone. */
export function longDay(at: Date | string, timeZone: string, language = currentLanguage()): string {
  const options: Intl.DateTimeFormatOptions = {
    timeZone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric'
  };
  return written(dateFormat(LOCALES[language], options), new Date(at), language);
}

/** `Sat 12 December 2026 · 19:30 (Kolkata time)`: when a show starts, for the people who go there. */
export function showTime(at: Date | string, timeZone: string, language = currentLanguage()): string {
  const when = new Date(at);
  const options: Intl.DateTimeFormatOptions = { weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' };
  const day = dateFormat(LOCALES[language], { timeZone, ...options });
  return `${written(day, when, language)} · ${clock(when, timeZone, language)} (${zoneInWords(timeZone, language)})`;
}

/** `19:30` in that zone: everywhere by 24 hours, as doors and tickets have it. */
export const clock = (at: Date | string, timeZone?: string, language = currentLanguage()) =>
  dateFormat(LOCALES[language], {
    ...(timeZone === undefined ? {} : { timeZone }),
    ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
  }).format(new Date(at));

/** `2026-12-12`, the calendar day in that zone: what shows are grouped by. */
export const dayOf = (at: Date | string, timeZone: string) =>
  dateFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(new Date(at));

/** `2026-12-12T19:30`, what a clock on the wall there shows at this moment: the value of a `datetime-local` field. */
export function toLocal(at: Date | string | number, timeZone: string): string {
  const parts = dateFormat('en-GB', {
    ...{ timeZone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
    hourCycle: 'h23'
  }).formatToParts(new Date(at));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`;
}

const DAY_MS = 86_400_000;

/**
 * The moment a clock there shows `2026-12-12T19:30`. When clocks go back and show it twice it is the first time; null
 * when clocks go forward and never show it, and for what is no time at all.
 */
export function fromLocal(local: string, timeZone: string): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(local)) return null;
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc)) return null;
  // The zone's offset is one of those around that day: more than one change in two days has not happened yet.
  const offsets = [asUtc - DAY_MS, asUtc + DAY_MS].map((at) => Date.parse(`${toLocal(at, timeZone)}Z`) - at);
  const moments = offsets.map((offset) => asUtc - offset).filter((at) => toLocal(at, timeZone) === local);
  return moments.length === 0 ? null : new Date(Math.min(...moments));
}

/** Every day from `first` to `last` (`2026-12-12`) that falls on one of `weekdays` (0 is Sunday; none means any). */
export function daysBetween(first: string, last: string, weekdays: readonly number[] = [], atMost = 400): string[] {
  const days: string[] = [];
  const end = Date.parse(`${last}T00:00Z`);
  for (let at = Date.parse(`${first}T00:00Z`); at <= end && days.length <= atMost; at += DAY_MS) {
    const day = new Date(at);
    if (weekdays.length === 0 || weekdays.includes(day.getUTCDay())) days.push(day.toISOString().slice(0, 10));
  }
  return days;
}

const QUARTER_MS = 900_000;
const stamps = new Map<string, string>();

/** The zone's distance from UTC at that moment, such as `+05:30`. Zones change it at quarters of an hour. */
function offsetOf(at: number, timeZone: string): string {
  const quarter = Math.floor(at / QUARTER_MS) * QUARTER_MS;
  const key = `${timeZone} ${quarter}`;
  const known = stamps.get(key);
  if (known !== undefined) return known;
  const minutes = Math.round((Date.parse(`${toLocal(quarter, timeZone)}Z`) - quarter) / 60_000);
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const distance = Math.abs(minutes);
  const offset = `${minutes < 0 ? '-' : '+'}${two(distance / 60)}:${two(distance % 60)}`;
  // An export asks for every row; a formatter costs more than the row.
  if (stamps.size >= 10_000) stamps.clear();
  stamps.set(key, offset);
  return offset;
}

/** `2026-12-12T19:30:00+05:30`: RFC 3339 as the clock in that zone has it. */
export function inZone(moment: Date | string | number, timeZone: string): string {
  const at = new Date(moment).getTime();
  const offset = offsetOf(at, timeZone);
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)/.exec(offset) ?? [];
  const distance = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  return `${new Date(at + distance).toISOString().slice(0, 19)}${offset}`;
}

/** The first moment of that day there. Where clocks skip midnight the day begins after the gap. */
export function dayStart(day: string, timeZone: string): Date | null {
  for (let minutes = 0; minutes < 24 * 60; minutes += 15) {
    const time = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
    const found = fromLocal(`${day}T${time}`, timeZone);
    if (found) return found;
  }
  return null;
}

/** The calendar day so many days later, or earlier: `addDays('2026-12-31', 1)` is `2027-01-01`. */
export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** `Saturday 12 December 2026, 19:30, India Standard Time`: what is printed on a ticket. */
export function timeInWords(at: Date | string, timeZone: string, language = currentLanguage()): string {
  const when = new Date(at);
  const zone = dateFormat(LOCALES[language], { timeZone, timeZoneName: 'long' })
    .formatToParts(when)
    .find(({ type }) => type === 'timeZoneName');
  const words = zone?.value ?? zoneInWords(timeZone, language);
  return `${longDay(when, timeZone, language)}, ${clock(when, timeZone, language)}, ${words}`;
}
