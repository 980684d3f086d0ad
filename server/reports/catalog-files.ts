import type { AuditQuery, UsersQuery } from '#domain/reports.ts';
import { pattern } from '../catalog/cursor.ts';
import { owned, type Manager } from '../catalog/ownership.ts';
import type { Sql } from '../db/database.ts';
import { AUDIT_FILTER, AUDIT_FROM, AUDIT_LINE, auditValues, toAuditLine, type AuditRow } from './audit-log.ts';
import { timeColumn, type CsvColumn } from './csv.ts';
import { portions } from './portions.ts';

/** What is sold, who has an account and who did what, as files in the order in which they came. */
interface Made {
  key: string;
  id: string;
}
interface VenueRow extends Made {
  name: string;
  address: string;
  city: string;
  country: string;
  time_zone: string;
  rooms: string[];
  plans: number;
  shows: number;
}
interface EventRow extends Made {
  title: string;
  kind: string;
  performers: string;
  duration_min: number | null;
  rating: string;
  tags: string[];
  shows: number;
}
interface ShowRow extends Made {
  event: string;
  venue: string;
  room: string | null;
  city: string;
  time_zone: string;
  starts_at: Date;
  doors_at: Date | null;
  sale_opens_at: Date;
  sale_closes_at: Date;
  sale: string;
  capacity: number;
  booked: number;
  seats_per_buyer: number;
  currency: string;
}
interface UserRow extends Made {
  email: string;
  name: string;
  role: string;
  created_at: Date;
  suspended_at: Date | null;
}

const id: CsvColumn<Made> = { header: 'Id', cell: (row) => row.id };
const zone = (row: { time_zone: string }) => row.time_zone;
const utc = () => 'UTC';

export const venueColumns: readonly CsvColumn<VenueRow>[] = [
  id,
  { header: 'Name', cell: ({ name }) => name },
  { header: 'Address', cell: ({ address }) => address },
  { header: 'City', cell: ({ city }) => city },
  { header: 'Country', cell: ({ country }) => country },
  { header: 'Time zone', cell: zone },
  { header: 'Rooms', cell: ({ rooms }) => rooms.join(', ') },
  { header: 'Seating plans', cell: ({ plans }) => plans },
  { header: 'Shows', cell: ({ shows }) => shows }
];
export const eventColumns: readonly CsvColumn<EventRow>[] = [
  id,
  { header: 'Title', cell: ({ title }) => title },
  { header: 'Kind', cell: ({ kind }) => kind },
  { header: 'Performers', cell: ({ performers }) => performers },
  { header: 'Minutes', cell: ({ duration_min }) => duration_min },
  { header: 'Rating', cell: ({ rating }) => rating },
  { header: 'Tags', cell: ({ tags }) => tags.join(', ') },
  { header: 'Shows', cell: ({ shows }) => shows }
];
export const showColumns: readonly CsvColumn<ShowRow>[] = [
  id,
  { header: 'Event', cell: ({ event }) => event },
  { header: 'Venue', cell: ({ venue }) => venue },
  { header: 'Room', cell: ({ room }) => room },
  { header: 'City', cell: ({ city }) => city },
  timeColumn('Starts', (row) => row.starts_at, zone),
  timeColumn('Doors', (row) => row.doors_at, zone),
  timeColumn('Sale opens', (row) => row.sale_opens_at, zone),
  timeColumn('Sale closes', (row) => row.sale_closes_at, zone),
  { header: 'Time zone', cell: zone },
  { header: 'Sale', cell: ({ sale }) => sale },
  { header: 'Capacity', cell: ({ capacity }) => capacity },
  { header: 'Booked', cell: ({ booked }) => booked },
  { header: 'Seats per buyer', cell: (row) => row.seats_per_buyer },
  { header: 'Currency', cell: ({ currency }) => currency }
];
export const userColumns: readonly CsvColumn<UserRow>[] = [
  id,
  { header: 'E-mail', cell: ({ email }) => email },
  { header: 'Name', cell: ({ name }) => name },
  { header: 'Role', cell: ({ role }) => role },
  timeColumn('Since', (row) => row.created_at, utc),
  timeColumn('Suspended', (row) => row.suspended_at, utc),
  { header: 'Time zone', cell: utc }
];
export const auditColumns: readonly CsvColumn<AuditRow>[] = [
  { header: 'Line', cell: (row) => row.id },
  timeColumn('When', (row) => row.at, utc),
  { header: 'Time zone', cell: utc },
  { header: 'Who', cell: ({ name }) => name },
  { header: 'E-mail', cell: ({ email }) => email },
  { header: 'Action', cell: ({ action }) => action },
  { header: 'Kind', cell: ({ kind }) => kind },
  { header: 'Thing', cell: (row) => toAuditLine(row).thing.name },
  { header: 'Id', cell: ({ thing_id }) => thing_id },
  { header: 'Before', cell: ({ before }) => before && JSON.stringify(before) },
  { header: 'After', cell: ({ after }) => after && JSON.stringify(after) }
];

/** `select` with $1 the owner, read in the order of `table.created_at`. */
const inOrder = <R extends Made>(sql: Sql, by: Manager, table: string, select: string, from: string, owner: string) =>
  portions<R, readonly [string, string]>(
    ['-infinity', ''],
    (row) => [row.key, row.id],
    async (after, limit) => {
      const { rows } = await sql.query<R>(
        `select ${table}.created_at::text as key, ${table}.id, ${select} from ${from}
          where ${owned(owner, 1)} and (${table}.created_at, ${table}.id) > ($2::timestamptz, $3)
          order by ${table}.created_at, ${table}.id limit $4`,
        [by.owner, ...after, limit]
      );
      return rows;
    }
  );

export const venueRows = (sql: Sql, by: Manager) =>
  inOrder<VenueRow>(
    ...[sql, by, 'v' as const],
    `v.name, v.address, v.city, v.country, v.time_zone,
     array(select r.name from venue_room r where r.venue_id = v.id order by r.ordinal, r.name) as rooms,
     (select count(*) from seating_plan p where p.venue_id = v.id) as plans,
     (select count(*) from show s where s.venue_id = v.id) as shows`,
    ...(['venue v', 'v.organizer_id'] as const)
  );

export const eventRows = (sql: Sql, by: Manager) =>
  inOrder<EventRow>(
    ...[sql, by, 'e' as const],
    `e.title, e.kind, e.performers, e.duration_min, e.rating, e.tags,
     (select count(*) from show s where s.event_id = e.id) as shows`,
    ...(['event e', 'e.organizer_id'] as const)
  );

export const showRows = (sql: Sql, by: Manager) =>
  inOrder<ShowRow>(
    ...[sql, by, 's' as const],
    `e.title as event, v.name as venue, p.room, v.city, v.time_zone, s.starts_at, s.doors_at, s.sale_opens_at,
     s.sale_closes_at, s.sale, p.capacity, s.seats_per_buyer, s.currency,
     (select count(*) from booking_seat b where b.show_id = s.id and b.live) as booked`,
    `show s join event e on e.id = s.event_id join venue v on v.id = s.venue_id
       join seating_plan p on p.id = s.plan_id`,
    'e.organizer_id'
  );

/** Everybody's: only for admins. */
export const userRows = (sql: Sql, query: UsersQuery) =>
  portions<UserRow, readonly [string, string]>(
    ['', '00000000-0000-0000-0000-000000000000'],
    (row) => [row.key, row.id],
    async (after, limit) => {
      const { rows } = await sql.query<UserRow>(
        `select lower(email) as key, id, email, name, role, created_at, suspended_at from app_user
          where ($1::text is null or email ilike $1 or name ilike $1) and ($2::text is null or role = $2)
            and (lower(email), id) > ($3, $4::uuid)
          order by lower(email), id limit $5`,
        [pattern(query.q), query.role ?? null, ...after, limit]
      );
      return rows;
    }
  );

export const auditRows = (sql: Sql, by: Manager, query: AuditQuery) =>
  portions<AuditRow, number>(
    0,
    (row) => row.id,
    async (after, limit) => {
      const { rows } = await sql.query<AuditRow>(
        `select ${AUDIT_LINE} from ${AUDIT_FROM} where ${AUDIT_FILTER} and a.id > $8 order by a.id limit $9`,
        [...auditValues(by, query), after, limit]
      );
      return rows;
    }
  );
