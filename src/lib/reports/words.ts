import { decimalsOf, formatMoney } from '#domain/money.ts';
import type { Column, Report, ReportName, Row } from '#domain/reports.ts';
import { clock, shortTime, zoneInWords } from '#domain/time.ts';

/** Reports, their columns and cells in words. */
export const REPORT_WORDS: Readonly<Record<ReportName, { title: string; about: string; chart: string }>> = {
  sales: {
    title: 'Sales over time',
    about: 'Tickets of bookings that stand, by when they were confirmed.',
    chart: 'revenue'
  },
  events: { title: 'Sales by event', about: 'Which events sell, in the days you choose.', chart: 'revenue' },
  shows: { title: 'Sales by show', about: 'Which evenings sell, in the days you choose.', chart: 'revenue' },
  tiers: { title: 'Sales by price tier', about: 'Which price tiers sell, over all shows.', chart: 'revenue' },
  venues: { title: 'Sales by venue', about: 'What was sold for each venue.', chart: 'revenue' },
  occupancy: { title: 'Occupancy', about: 'How full each show is, and how many have come in.', chart: 'share' },
  conversion: {
    title: 'Held → booked',
    about:
      'How many holds became bookings. Holds are statistics: a server that crashes loses the last seconds of them.',
    chart: 'share'
  },
  refunds: { title: 'Refunds', about: 'Money that must go back, or has, by event.', chart: 'amountDue' }
};

/** A cell as a person reads it; times by the clock of the row's venue. */
export function cellWords(row: Row, { key, is }: Column, report: Pick<Report, 'zone'>): string {
  const value = row[key];
  if (value === null || value === undefined) return '–';
  switch (is) {
    case 'money':
      return formatMoney({ amount: Number(value), currency: String(row['currency']) });
    case 'share':
      return `${(100 * Number(value)).toFixed(1)} %`;
    case 'count':
      return Number(value).toLocaleString('en');
    case 'time':
      return shortTime(String(value), String(row['timeZone'] ?? report.zone));
    case 'text':
      return key === 'period' ? periodWords(String(value), report.zone) : String(value);
  }
}

/** `Sat 12 Dec 2026`, or `Sat 12 Dec 2026, 19:00` of an hour, by the clock of the report. */
export function periodWords(label: string, zone: string): string {
  const isHour = label.length > 10;
  const day = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone: isHour ? zone : 'UTC', weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }
  })
    .format(new Date(isHour ? label : `${label}T00:00Z`))
    .replace(',', '');
  return isHour ? `${day}, ${clock(label, zone)}` : day;
}

/** `12 Dec`, or `19:00` of an hour: below a bar. */
export const shortPeriod = (label: string, zone: string): string =>
  label.length > 10
    ? clock(label, zone)
    : new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' }).format(
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
  const { chart } = REPORT_WORDS[report.name];
  const column = report.columns.find(({ key }) => key === chart);
  if (!column) return [];
  const overTime = report.name === 'sales';
  const groups = new Map<string, BarGroup>();
  report.rows.forEach((row, n) => {
    const value = row[chart];
    if (typeof value !== 'number') return;
    const title = column.is === 'money' ? `${column.label}, ${String(row['currency'])}` : column.label;
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
  `${periodWords(from, zone)} to ${periodWords(to, zone)}, ${zoneInWords(zone)}`;
