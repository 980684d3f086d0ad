import type { UserId } from '#domain/ids.ts';
import { languageOf } from '#domain/language.ts';
import { isRefusal } from '#domain/refusal.ts';
import type { Report, Row } from '#domain/reports.ts';
import { addDays } from '#domain/time.ts';
import type { Database } from '../db/database.ts';
import { speak } from '../language.ts';
import { groupColumns, salesByThing } from '../reports/by-thing.ts';
import { createExports } from '../reports/exports.ts';
import { occupancy } from '../reports/per-show.ts';
import { readWindow } from '../reports/window.ts';
import { cleanText, recipientOf } from './addresses.ts';
import { monthlyReportLetter, type MonthFigures, type Sales } from './templates/monthly-report.ts';
import type { Transport } from './transport.ts';

const words = (row: Row, key: string) => cleanText(String(row[key] ?? ''));
const number = (row: Row, key: string) => Number(row[key] ?? 0);
const salesOf = (row: Row): Sales => ({
  ...{ bookings: number(row, 'bookings'), tickets: number(row, 'tickets'), revenue: number(row, 'revenue') },
  currency: words(row, 'currency')
});

/** One sum for each currency: a booking is of one show, so the shows' bookings can be added up. */
function totalsOf(shows: readonly Sales[]): Sales[] {
  const sums = new Map<string, Sales>();
  for (const each of shows) {
    const sum = sums.get(each.currency) ?? { bookings: 0, tickets: 0, revenue: 0, currency: each.currency };
    sums.set(each.currency, {
      ...sum,
      ...{ bookings: sum.bookings + each.bookings, tickets: sum.tickets + each.tickets },
      revenue: sum.revenue + each.revenue
    });
  }
  return [...sums.values()];
}

/** The figures of one organizer's month, from the queries behind the desk's reports, and the file that goes with it. */
async function readMonth(db: Database, organizer: UserId, month: string, zone: string) {
  const by = { user: organizer, owner: organizer };
  const days = { from: month, to: addDays(`${addDays(month, 31).slice(0, 7)}-01`, -1), zone };
  const window = await readWindow(db, by, days);
  if (isRefusal(window)) throw new Error(`no report of ${month} in ${zone}: ${window.message}`);
  const query = { ...days, by: 'day' as const };
  const [events, shows, houses] = await Promise.all([
    salesByThing(db, by, 'events', query, window),
    salesByThing(db, by, 'shows', query, window),
    occupancy(db, by, query, window)
  ]);
  const report: Report = { name: 'shows', columns: groupColumns('shows'), rows: shows, ...days };
  const sum = (key: string) => houses.reduce((total, row) => total + number(row, key), 0);
  const figures: MonthFigures = {
    ...{ month, zone, totals: totalsOf(shows.map(salesOf)) },
    events: events.map((row) => ({ ...salesOf(row), name: words(row, 'name') })),
    shows: shows.map((row) => ({
      ...{ ...salesOf(row), name: words(row, 'name'), venue: words(row, 'venue') },
      ...{ startsAt: words(row, 'startsAt'), timeZone: words(row, 'timeZone') }
    })),
    houses: { shows: houses.length, capacity: sum('capacity'), sold: sum('sold'), checkedIn: sum('checkedIn') }
  };
  const csv = new Response(createExports(db).report(report, { bom: true }));
  const file = { filename: `sales-by-show-${month.slice(0, 7)}.csv`, content: Buffer.from(await csv.arrayBuffer()) };
  return { figures, file, days };
}

export function createReportMail({ db, origin, transport }: { db: Database; origin: string; transport: Transport }) {
  /** `month` is its first day. Whose days it counts was settled when it was written down. */
  return async function monthlyReport(organizer: UserId, month: string): Promise<void> {
    const key = `monthly-report:${organizer}:${month}`;
    if (await transport.isDone(key)) return;
    const found = await db.query<{ name: string; email: string; language: string | null; zone: string }>(
      `select u.name, u.email, u.language, r.zone from monthly_report r join app_user u on u.id = r.organizer_id
        where r.organizer_id = $1 and r.month = $2 and u.deleted_at is null and u.role in ('organizer', 'admin')`,
      [organizer, month]
    );
    const [user] = found.rows;
    // Whoever has left, or sells no more, gets none.
    if (!user) return;
    const to = recipientOf(user.name, user.email);
    if (!to) return transport.giveUp(key, user.email, 'The account has no usable mail address.');
    await transport.send({
      ...{ dedupeKey: key, to },
      letter: () =>
        speak(languageOf(user.language), async () => {
          const { figures, file, days } = await readMonth(db, organizer, month, user.zone);
          const url = `${origin}/admin/reports/shows?${new URLSearchParams(days).toString()}`;
          return monthlyReportLetter({ name: cleanText(user.name), figures, url, file });
        })
    });
  };
}
