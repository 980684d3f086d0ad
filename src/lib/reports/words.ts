import { decimalsOf, formatMoney } from '#domain/money.ts';
import type { Column, Report, ReportName, Row } from '#domain/reports.ts';
import type { EventKind } from '#domain/protocol.ts';
import { dateFormat, numberFormat } from '#domain/formats.ts';
import { currentLanguage, currentLocale } from '#domain/language.ts';
import * as m from '#domain/messages/compiled/reports.js';
import { kindInWords, KINDS } from '$lib/components/kinds.ts';
import { clock, shortTime, zoneInWords } from '#domain/time.ts';

/** Reports, their columns and cells in words. */
interface Words {
  title: string;
  about: string;
}
const WORDS: Readonly<Record<ReportName, () => Words>> = {
  sales: () => ({ title: m.sales_title(), about: m.sales_about() }),
  events: () => ({ title: m.events_title(), about: m.events_about() }),
  shows: () => ({ title: m.shows_title(), about: m.shows_about() }),
  tiers: () => ({ title: m.tiers_title(), about: m.tiers_about() }),
  venues: () => ({ title: m.venues_title(), about: m.venues_about() }),
  occupancy: () => ({ title: m.occupancy(), about: m.occupancy_about() }),
  conversion: () => ({ title: m.held_booked(), about: m.conversion_about() }),
  refunds: () => ({ title: m.refunds_title(), about: m.refunds_about() })
};
export const REPORTS = Object.keys(WORDS) as ReportName[];
export const reportInWords = (name: ReportName): Words => WORDS[name]();

/** The column that a report's chart shows. */
const CHARTS: Readonly<Record<ReportName, string>> = {
  ...{ sales: 'revenue', events: 'revenue', shows: 'revenue', tiers: 'revenue', venues: 'revenue' },
  ...{ occupancy: 'share', conversion: 'share', refunds: 'amountDue' }
};

/** Heads of columns as the API and the files have them, which is in English. */
const COLUMNS: Readonly<Record<string, () => string>> = {
  ...{ From: m.col_from, Bookings: m.col_bookings, Tickets: m.col_tickets, Revenue: m.col_revenue },
  ...{ Show: m.col_show, Starts: m.col_starts, Venue: m.col_venue, Event: m.col_event, Kind: m.col_kind },
  ...{ 'Price tier': m.col_tier, City: m.col_city, Capacity: m.col_capacity, Blocked: m.col_blocked },
  ...{ Sold: m.col_sold, Occupancy: m.occupancy, 'Checked in': m.col_checked_in, Holds: m.col_holds },
  ...{ 'Most viewers at once': m.col_viewers, 'Seats held': m.col_seats_held, Checkouts: m.col_checkouts },
  ...{ Booked: m.col_booked, 'Held → booked': m.held_booked, 'Refunds due': m.col_due },
  ...{ 'Amount due': m.col_amount_due, Refunded: m.col_refunded, 'Amount refunded': m.col_amount_refunded }
};
export const columnInWords = (label: string): string => COLUMNS[label]?.() ?? label;

/** A cell as a person reads it; times by the clock of the row's venue. */
export function cellWords(row: Row, { key, is }: Column, report: Pick<Report, 'zone'>): string {
  const value = row[key];
  if (value === null || value === undefined) return '–';
  switch (is) {
    case 'money':
      return formatMoney({ amount: Number(value), currency: String(row['currency']) });
    case 'share':
      return `${decimal(100 * Number(value))} %`;
    case 'count':
      return Number(value).toLocaleString(currentLocale());
    case 'time':
      return shortTime(String(value), String(row['timeZone'] ?? report.zone));
    case 'text':
      if (key === 'kind') return kindWords(String(value));
      return key === 'period' ? periodWords(String(value), report.zone) : String(value);
  }
}

const decimal = (value: number) =>
  numberFormat(currentLocale(), { minimumFractionDigits: 1, maximumFractionDigits: 1, useGrouping: false }).format(
    value
  );

const isKind = (kind: string): kind is EventKind => KINDS.some((known) => known === kind);
/** The API names a kind by its code, and so does the page in English. */
const kindWords = (kind: string) => (currentLanguage() !== 'en' && isKind(kind) ? kindInWords(kind) : kind);

/** `Sat 12 Dec 2026`, or `Sat 12 Dec 2026, 19:00` of an hour, by the clock of the report. */
export function periodWords(label: string, zone: string): string {
  const isHour = label.length > 10;
  const when = new Date(isHour ? label : `${label}T00:00Z`);
  const parts = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const;
  const written = dateFormat(currentLocale(), { timeZone: isHour ? zone : 'UTC', ...parts }).format(when);
  // English on paper has a comma after the weekday that nobody says.
  const day = currentLanguage() === 'en' ? written.replace(',', '') : written;
  return isHour ? `${day}, ${clock(label, zone)}` : day;
}

/** `12 Dec`, or `19:00` of an hour: below a bar. */
export const shortPeriod = (label: string, zone: string): string =>
  label.length > 10
    ? clock(label, zone)
    : dateFormat(currentLocale(), { timeZone: 'UTC', day: 'numeric', month: 'short' }).format(
        new Date(`${label}T00:00Z`)
      );

export interface Bar {
  /** Different for each bar. */
  key: string;
  /** Below or beside the bar. */
  short: string;
  long: string;
  value: number;
  words: string;
}
export interface BarGroup {
  title: string;
  /** What a value is divided by to be in the words' unit: 100 for cents. */
  unit: number;
  bars: Bar[];
}

const BARS_BESIDE = 12;

/** What a report's chart shows: one group a currency where it is money, for those are never laid side by side. */
export function barsOf(report: Report): BarGroup[] {
  const chart = CHARTS[report.name];
  const column = report.columns.find(({ key }) => key === chart);
  if (!column) return [];
  const overTime = report.name === 'sales';
  const groups = new Map<string, BarGroup>();
  report.rows.forEach((row, n) => {
    const value = row[chart];
    if (typeof value !== 'number') return;
    const head = columnInWords(column.label);
    const title = column.is === 'money' ? `${head}, ${String(row['currency'])}` : head;
    const unit = column.is === 'money' ? 10 ** decimalsOf(String(row['currency'])) : 1;
    const group = groups.get(title) ?? { title, unit, bars: [] };
    groups.set(title, group);
    const period = String(row['period']);
    const name = row['startsAt']
      ? `${String(row['name'])}, ${shortTime(String(row['startsAt']), String(row['timeZone'] ?? report.zone))}`
      : String(row['name']);
    group.bars.push({
      ...{ key: `${n}`, value, words: cellWords(row, column, report) },
      ...(overTime
        ? { short: shortPeriod(period, report.zone), long: periodWords(period, report.zone) }
        : { short: name, long: name })
    });
  });
  return [...groups.values()].map((group) => (overTime ? group : { ...group, bars: group.bars.slice(0, BARS_BESIDE) }));
}

export const windowWords = ({ from, to, zone }: Pick<Report, 'from' | 'to' | 'zone'>): string =>
  m.window({ from: periodWords(from, zone), to: periodWords(to, zone), zone: zoneInWords(zone) });
