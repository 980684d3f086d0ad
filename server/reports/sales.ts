import type { Column, ReportQuery, Row } from '#domain/reports.ts';
import { isRefusal, type Refusal } from '#domain/refusal.ts';
import type { Manager } from '../catalog/ownership.ts';
import type { Sql } from '../db/database.ts';
import { periodsOf, SCOPE, scopeValues, type Window } from './window.ts';

/**
 * What was sold: seats of bookings that stand, at the moment each booking was confirmed. What was cancelled or refunded
 * since is in the report of refunds. Money is minor units, a row for each currency: currencies are never added up.
 */
export const SOLD = `booking b
  join booking_seat bs on bs.booking_id = b.id and bs.live
  join show s on s.id = b.show_id
  join event e on e.id = s.event_id`;
export const IS_SOLD = `b.status = 'CONFIRMED' and b.confirmed_at >= $2 and b.confirmed_at < $3 and ${SCOPE}`;
export const SUMS = `count(distinct b.id) as bookings, count(*) as tickets, sum(bs.price)::bigint as revenue`;

export const SUM_COLUMNS: readonly Column[] = [
  { key: 'bookings', label: 'Bookings', is: 'count' },
  { key: 'tickets', label: 'Tickets', is: 'count' },
  { key: 'revenue', label: 'Revenue', is: 'money' }
];

export const salesColumns: readonly Column[] = [{ key: 'period', label: 'From', is: 'text' }, ...SUM_COLUMNS];

/** Sales over time: every period of the window has a row in each currency that was sold in, with zeros where nothing was. */
export async function salesOverTime(
  sql: Sql,
  by: Manager,
  query: ReportQuery,
  window: Window
): Promise<Row[] | Refusal> {
  const periods = periodsOf(window, query.by);
  if (isRefusal(periods)) return periods;
  const { rows } = await sql.query<Row & { n: number; currency: string }>(
    `select width_bucket(b.confirmed_at, $7::timestamptz[]) as n, b.currency, ${SUMS}
       from ${SOLD} where ${IS_SOLD} group by 1, 2`,
    [...scopeValues(by, window, query), periods.map(({ start }) => start)]
  );
  const found = new Map(rows.map((row) => [`${row.n} ${row.currency}`, row]));
  const currencies = [...new Set(rows.map(({ currency }) => currency))].sort();
  return currencies.flatMap((currency) =>
    periods.map(({ label }, n) => {
      const row = found.get(`${n + 1} ${currency}`);
      const sums = { bookings: row?.['bookings'] ?? 0, tickets: row?.['tickets'] ?? 0, revenue: row?.['revenue'] ?? 0 };
      return { period: label, currency, ...sums };
    })
  );
}
