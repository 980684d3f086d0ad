import type { MyBookingsQuery } from '#domain/booking-search.ts';
import type { UserId } from '#domain/ids.ts';
import { readShortCode } from '#domain/short-code.ts';
import { pattern } from '../catalog/cursor.ts';
import type { Sql } from '../db/database.ts';
import { BOOKING, toBooking, type BookingRow, type BookingView } from './views.ts';

/** Found by what a person sees of a booking; its cursor names the last one of a page. */

const STANDS = `b.status in ('PENDING', 'CONFIRMED') and s.cancelled_at is null`;
const WHEN: Readonly<Record<MyBookingsQuery['when'], string>> = {
  all: 'true',
  upcoming: `${STANDS} and s.starts_at > now()`,
  past: `${STANDS} and s.starts_at <= now()`,
  cancelled: `not (${STANDS})`
};
/** What is to come is read from its beginning; of everything else the latest matters most. */
const ORDER: Readonly<Record<MyBookingsQuery['when'], { key: string; row: 'position' | 'begins'; down: boolean }>> = {
  all: { key: 'b.created_at', row: 'position', down: true },
  upcoming: { key: 's.starts_at', row: 'begins', down: false },
  past: { key: 's.starts_at', row: 'begins', down: true },
  cancelled: { key: 'b.created_at', row: 'position', down: true }
};

export async function findBookings(
  sql: Sql,
  user: UserId,
  query: MyBookingsQuery
): Promise<{ items: BookingView[]; next: string | null }> {
  const { key, row, down } = ORDER[query.when];
  const after = readCursor(query.cursor);
  const q = query.q?.toLowerCase() ?? '';
  const found = await sql.query<BookingRow>(
    `${BOOKING} where b.user_id = $1 and ${WHEN[query.when]}
        and ($2::text is null or e.title ilike $2 or e.performers ilike $2 or v.name ilike $2 or v.city ilike $2
             or b.id::text like $3
             or exists (select 1 from ticket t where t.booking_id = b.id and t.short_code = $4))
        and ($5::timestamptz is null or (${key}, b.id) ${down ? '<' : '>'} ($5::timestamptz, $6::uuid))
      order by ${key} ${down ? 'desc' : 'asc'}, b.id ${down ? 'desc' : 'asc'} limit $7`,
    [
      ...[user, pattern(q), /^[0-9a-f][0-9a-f-]{3,35}$/.test(q) ? `${q}%` : null, readShortCode(q)],
      ...[after?.[0] ?? null, after?.[1] ?? null, query.limit + 1]
    ]
  );
  const rows = found.rows.slice(0, query.limit);
  const last = found.rows.length > query.limit ? rows.at(-1) : undefined;
  return { items: rows.map((each) => toBooking(each)), next: last ? writeCursor(last[row], last.id) : null };
}

const writeCursor = (position: string, id: string) => Buffer.from(`${position}|${id}`).toString('base64url');

/** Anything that is not a cursor of ours begins at the first page. */
function readCursor(cursor: string | undefined): [string, string] | null {
  const text = Buffer.from(cursor ?? '', 'base64url').toString();
  const parts = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?[+-]\d\d(?::\d\d)?)\|([0-9a-f-]{36})$/.exec(text);
  return parts?.[1] !== undefined && parts[2] !== undefined ? [parts[1], parts[2]] : null;
}
