import { dateFormat } from '#domain/formats.ts';
import { currentLocale } from '#domain/language.ts';
import { hello_and } from '#domain/messages/compiled/mail.js';
import * as m from '#domain/messages/compiled/mail_report.js';
import { col_revenue, col_tickets } from '#domain/messages/compiled/reports.js';
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

/** What was sold of one thing, and what that is called: its name, and what else tells it from others. */
interface Line {
  sum: Sales;
  names: string[];
}

/** The rest is in the file. */
const LISTED = 25;

/** `October 2026` */
const monthInWords = (month: string) =>
  dateFormat(currentLocale(), { timeZone: 'UTC', month: 'long', year: 'numeric' }).format(new Date(`${month}T00:00Z`));

const figure = (number: number) => number.toLocaleString(currentLocale());
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
  const title = m.title({ month });
  const sold = totals.map(
    (sum) =>
      [
        m.sold_in({ currency: sum.currency }),
        m.sum({
          money: money(sum),
          tickets: m.tickets({ count: sum.tickets }),
          bookings: m.bookings({ count: sum.bookings })
        })
      ] as const
  );
  const full = {
    ...{ count: houses.shows, sold: figure(houses.sold) },
    ...{ capacity: figure(houses.capacity), inside: figure(houses.checkedIn) }
  };
  const rows: (readonly [string, string])[] = [
    ...(sold.length > 0 ? sold : [[m.sold(), m.nothing()] as const]),
    [m.took_place(), houses.shows === 0 ? m.no_show() : m.houses(full)],
    [m.counted(), m.counted_by({ zone: zoneInWords(figures.zone) })]
  ];
  const columns = [col_tickets(), col_revenue()];
  const byEvent = events.slice(0, LISTED).map((sum) => ({ sum, names: [sum.name] }));
  const byShow = shows
    .slice(0, LISTED)
    .map((sum) => ({ sum, names: [sum.name, `${showTime(sum.startsAt, sum.timeZone)} · ${sum.venue}`] }));
  const hidden = events.length > LISTED || shows.length > LISTED;
  const file = hidden ? m.rest_in_file() : m.in_file();
  const inTable = (list: readonly Line[]) =>
    list.map(({ sum, names }) => [names, figure(sum.tickets), money(sum)] as const);
  const inText = (list: readonly Line[]) =>
    list.map(({ sum, names }) => `${names.join(', ')}: ${m.tickets({ count: sum.tickets })}, ${money(sum)}`).join('\n');
  const hello = hello_and({ name: mail.name, says: m.says({ month }) });
  const body = html`${paragraph(html`${hello}`)} ${facts(rows)}
  ${events.length > 0 ? table([m.by_event(), ...columns], inTable(byEvent)) : []}
  ${shows.length > 0 ? table([m.by_show(), ...columns], inTable(byShow)) : []} ${paragraph(html`${file}`)}
  ${button(url, m.button())}`;
  return {
    subject: title,
    html: layout({
      preview: rows[0]?.[1] ?? '',
      title,
      body,
      why: m.why()
    }),
    text: `${title}

${hello}

${factsInText(rows)}
${events.length > 0 ? `\n${m.by_event()}\n${inText(byEvent)}\n` : ''}${shows.length > 0 ? `\n${m.by_show()}\n${inText(byShow)}\n` : ''}
${file}

${m.link({ url })}
`,
    files: [{ ...mail.file, contentType: 'text/csv; charset=utf-8' }]
  };
}
