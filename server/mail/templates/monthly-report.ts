import { formatMoney } from '#domain/money.ts';
import { showTime, zoneInWords } from '#domain/time.ts';
import type { Letter } from '../transport.ts';
import { button, facts, factsInText, html, layout, paragraph, table } from './layout.ts';

/** What was sold of one thing. Money is minor units. */
export interface Sales {
  bookings: number;
  tickets: number;
  revenue: number;
  currency: string;
}

export interface MonthFigures {
  /** `2026-10-01` */
  month: string;
  /** Whose days it counts. */
  zone: string;
  /** In each currency that was sold in. */
  totals: readonly Sales[];
  events: readonly (Sales & { name: string })[];
  shows: readonly (Sales & { name: string; startsAt: string; venue: string; timeZone: string })[];
  /** Of the shows that took place in this month. */
  houses: { shows: number; capacity: number; sold: number; checkedIn: number };
}

/** The rest is in the file. */
const LISTED = 25;

/** `October 2026` */
const monthInWords = (month: string) =>
  new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', month: 'long', year: 'numeric' }).format(
    new Date(`${month}T00:00Z`)
  );

const count = (number: number, one: string, many: string) =>
  `${number.toLocaleString('en-GB')} ${number === 1 ? one : many}`;
const money = ({ revenue, currency }: Sales) => formatMoney({ amount: revenue, currency });

/** An organizer's month: what was sold by event and by show, and how full the houses were. */
export function monthlyReportLetter(mail: {
  name: string;
  figures: MonthFigures;
  /** The report on the desk, with the same days. */
  url: string;
  file: { filename: string; content: Buffer };
}): Letter {
  const { figures, url } = mail;
  const { totals, events, shows, houses } = figures;
  const month = monthInWords(figures.month);
  const title = `Your sales in ${month}`;
  const sold = totals.map(
    (sum) =>
      [
        `Sold in ${sum.currency}`,
        `${money(sum)}, ${count(sum.tickets, 'ticket', 'tickets')} in ${count(sum.bookings, 'booking', 'bookings')}`
      ] as const
  );
  const rows: (readonly [string, string])[] = [
    ...(sold.length > 0 ? sold : [['Sold', 'Nothing this month'] as const]),
    [
      'Took place',
      houses.shows === 0
        ? 'No show this month'
        : `${count(houses.shows, 'show', 'shows')}: ${houses.sold.toLocaleString('en-GB')} of ${count(houses.capacity, 'seat', 'seats')} sold, ${houses.checkedIn.toLocaleString('en-GB')} checked in`
    ],
    ['Counted', `By the days of ${zoneInWords(figures.zone)}, when each booking was confirmed`]
  ];
  const columns = ['Tickets', 'Revenue'];
  const eventRows = events.slice(0, LISTED).map((row) => [[row.name], String(row.tickets), money(row)] as const);
  const showRows = shows
    .slice(0, LISTED)
    .map(
      (row) =>
        [[row.name, `${showTime(row.startsAt, row.timeZone)} · ${row.venue}`], String(row.tickets), money(row)] as const
    );
  const hidden = events.length > LISTED || shows.length > LISTED;
  const file = `All shows are in the attached file${hidden ? '; only the first are listed here' : ''}. A spreadsheet opens it.`;
  const inText = (list: typeof showRows | typeof eventRows) =>
    list.map(([names, tickets, revenue]) => `${names.join(', ')}: ${tickets} tickets, ${revenue}`).join('\n');
  const body = html`${paragraph(html`Hello ${mail.name}, this is what you sold in ${month}.`)} ${facts(rows)}
  ${events.length > 0 ? table(['By event', ...columns], eventRows) : []}
  ${shows.length > 0 ? table(['By show', ...columns], showRows) : []} ${paragraph(html`${file}`)}
  ${button(url, 'See the report')}`;
  return {
    subject: title,
    html: layout({
      preview: rows[0]?.[1] ?? '',
      title,
      body,
      why: 'You get this mail once a month because you sell tickets here.'
    }),
    text: `${title}

Hello ${mail.name}, this is what you sold in ${month}.

${factsInText(rows)}
${events.length > 0 ? `\nBy event\n${inText(eventRows)}\n` : ''}${shows.length > 0 ? `\nBy show\n${inText(showRows)}\n` : ''}
${file}

The report: ${url}
`,
    files: [{ ...mail.file, contentType: 'text/csv; charset=utf-8' }]
  };
}
