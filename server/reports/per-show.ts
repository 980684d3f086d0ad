import type { Column, ReportQuery, Row } from '#domain/reports.ts';
import type { Manager } from '../catalog/ownership.ts';
import { placeOf } from '../catalog/rooms.ts';
import type { Sql } from '../db/database.ts';
import { toRow } from './by-thing.ts';
import { SCOPE, scopeValues, type Window } from './window.ts';

/** How full the houses are, and what became of those who came to take seats. */

const SHOW: readonly Column[] = [
  { key: 'name', label: 'Show', is: 'text' },
  { key: 'startsAt', label: 'Starts', is: 'time' },
  { key: 'venue', label: 'Venue', is: 'text' }
];
const SHOW_ROW = `s.id, e.title as name, s.starts_at as "startsAt", ${placeOf()} as venue, v.time_zone as "timeZone"`;
const FROM = `show s join event e on e.id = s.event_id join venue v on v.id = s.venue_id
  join seating_plan p on p.id = s.plan_id`;
const count = (key: string, label: string): Column => ({ key, label, is: 'count' });

export const occupancyColumns: readonly Column[] = [
  ...SHOW,
  ...[count('capacity', 'Capacity'), count('blocked', 'Blocked'), count('sold', 'Sold')],
  { key: 'share', label: 'Occupancy', is: 'share' },
  count('checkedIn', 'Checked in')
];

/** Shows that start within the window. The share is of all the places there are, blocked ones too. */
export async function occupancy(sql: Sql, by: Manager, query: ReportQuery, window: Window): Promise<Row[]> {
  const { rows } = await sql.query<Record<string, string | number | Date>>(
    `with asked as materialized (
       select ${SHOW_ROW}, p.capacity
         from ${FROM}
        where s.starts_at >= $2 and s.starts_at < $3 and ${SCOPE}
     ), sold as (
       select b.show_id, count(*) as sold from booking b join booking_seat bs on bs.booking_id = b.id and bs.live
        where b.status = 'CONFIRMED' and b.show_id in (select id from asked) group by 1
     ), blocked as (
       select show_id, count(*) as blocked from seat_block where show_id in (select id from asked) group by 1
     ), inside as (
       select show_id, count(*) as inside from ticket
        where show_id in (select id from asked) and checked_in_at is not null group by 1
     )
     select a.*, coalesce(sold, 0) as sold, coalesce(blocked, 0) as blocked, coalesce(inside, 0) as "checkedIn",
            (coalesce(sold, 0)::float8 / a.capacity) as share
       from asked a left join sold on sold.show_id = a.id left join blocked on blocked.show_id = a.id
       left join inside on inside.show_id = a.id
      order by a."startsAt", a.id`,
    scopeValues(by, window, query)
  );
  return rows.map(toRow);
}

export const conversionColumns: readonly Column[] = [
  ...SHOW,
  ...[count('viewers', 'Most viewers at once'), count('holds', 'Holds'), count('seatsHeld', 'Seats held')],
  ...[count('begun', 'Checkouts'), count('booked', 'Booked')],
  { key: 'share', label: 'Held → booked', is: 'share' }
];

/**
 * Holds that were begun within the window against bookings that were. Holds are counted in memory and added up every
 * few seconds, so a crash loses some: the share is left out where there are more bookings than holds to have led to them.
 */
export async function conversion(sql: Sql, by: Manager, query: ReportQuery, window: Window): Promise<Row[]> {
  const { rows } = await sql.query<Record<string, string | number | Date>>(
    `with traffic as (
       select show_id, sum(holds) as holds, sum(seats_held) as seats_held, max(viewers_peak) as viewers
         from show_traffic where quarter >= $2 and quarter < $3 group by 1
     ), made as (
       select show_id, count(*) as begun, count(*) filter (where status = 'CONFIRMED') as booked
         from booking where created_at >= $2 and created_at < $3 group by 1
     )
     select ${SHOW_ROW}, coalesce(t.viewers, 0) as viewers, coalesce(t.holds, 0) as holds,
            coalesce(t.seats_held, 0) as "seatsHeld", coalesce(m.begun, 0) as begun, coalesce(m.booked, 0) as booked,
            case when t.holds > 0 and t.holds >= coalesce(m.booked, 0)
                 then coalesce(m.booked, 0)::float8 / t.holds end as share
       from ${FROM} left join traffic t on t.show_id = s.id left join made m on m.show_id = s.id
      where (t.show_id is not null or m.show_id is not null) and ${SCOPE}
      order by holds desc, booked desc, s.starts_at, s.id`,
    scopeValues(by, window, query)
  );
  return rows.map(toRow);
}

export const refundColumns: readonly Column[] = [
  { key: 'name', label: 'Event', is: 'text' },
  count('due', 'Refunds due'),
  { key: 'amountDue', label: 'Amount due', is: 'money' },
  count('refunded', 'Refunded'),
  { key: 'amountRefunded', label: 'Amount refunded', is: 'money' }
];

/** Bookings made within the window whose money must go back, or has. */
export async function refunds(sql: Sql, by: Manager, query: ReportQuery, window: Window): Promise<Row[]> {
  const due = `b.status = 'REFUND_DUE'`;
  const { rows } = await sql.query<Record<string, string | number | Date>>(
    `select e.id, e.title as name, b.currency,
            count(*) filter (where ${due}) as due, coalesce(sum(b.total) filter (where ${due}), 0)::bigint as "amountDue",
            count(*) filter (where not ${due}) as refunded,
            coalesce(sum(b.total) filter (where not ${due}), 0)::bigint as "amountRefunded"
       from booking b join show s on s.id = b.show_id join event e on e.id = s.event_id
      where b.status in ('REFUND_DUE', 'REFUNDED') and b.created_at >= $2 and b.created_at < $3 and ${SCOPE}
      group by e.id, e.title, b.currency order by b.currency, "amountDue" desc, name`,
    scopeValues(by, window, query)
  );
  return rows.map(toRow);
}
