import type { Column, ReportQuery, Row } from '#domain/reports.ts';
import type { Manager } from '../catalog/ownership.ts';
import { placeOf } from '../catalog/rooms.ts';
import type { Sql } from '../db/database.ts';
import { IS_SOLD, SOLD, SUM_COLUMNS, SUMS } from './sales.ts';
import { scopeValues, type Window } from './window.ts';

/** Sales of the window by event, show, price tier or venue, the best first; a row for each currency. */
interface Grouping {
  columns: readonly Column[];
  /** What is read of each group, from `SOLD` and `join`. */
  select: string;
  join: string;
}

const text = (key: string, label: string): Column => ({ key, label, is: 'text' });
const VENUE = 'join venue v on v.id = s.venue_id';

export const GROUPINGS: Readonly<Record<'events' | 'shows' | 'tiers' | 'venues', Grouping>> = {
  events: {
    columns: [text('name', 'Event'), text('kind', 'Kind')],
    select: 'e.id, e.title as name, e.kind',
    join: ''
  },
  shows: {
    columns: [text('name', 'Show'), { key: 'startsAt', label: 'Starts', is: 'time' }, text('venue', 'Venue')],
    select: `s.id, e.title as name, s.starts_at as "startsAt", ${placeOf('h')} as venue, v.time_zone as "timeZone"`,
    join: `${VENUE} join seating_plan h on h.id = s.plan_id`
  },
  tiers: {
    columns: [text('name', 'Price tier')],
    select: 'coalesce(t.name, p.tier) as name',
    join: `join plan_seat p on p.plan_id = bs.plan_id and p.seat_index = bs.seat_index
      left join show_tier t on t.show_id = bs.show_id and t.tier = p.tier`
  },
  venues: {
    columns: [text('name', 'Venue'), text('city', 'City')],
    select: 'v.id, v.name, v.city',
    join: VENUE
  }
};

export const groupColumns = (name: keyof typeof GROUPINGS): Column[] => [...GROUPINGS[name].columns, ...SUM_COLUMNS];

export async function salesByThing(
  sql: Sql,
  by: Manager,
  name: keyof typeof GROUPINGS,
  query: ReportQuery,
  window: Window
): Promise<Row[]> {
  const { select, join } = GROUPINGS[name];
  const groups = select.replaceAll(/ as "?\w+"?/g, '');
  const { rows } = await sql.query<Record<string, string | number | Date>>(
    `select ${select}, b.currency, ${SUMS} from ${SOLD} ${join} where ${IS_SOLD}
      group by ${groups}, b.currency order by b.currency, revenue desc, tickets desc, 2`,
    scopeValues(by, window, query)
  );
  return rows.map(toRow);
}

/** Moments as RFC 3339; everything else as it is. */
export const toRow = (row: Readonly<Record<string, string | number | Date | null>>): Row =>
  Object.fromEntries(
    Object.entries(row).map(([key, value]) => [key, value instanceof Date ? value.toISOString() : value])
  );
