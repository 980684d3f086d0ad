import type { BookingsQuery } from '#domain/reports.ts';
import type { Manager } from '../catalog/ownership.ts';
import type { Sql } from '../db/database.ts';
import { BOOKINGS_FILTER, BOOKINGS_FROM, TICKET_OF_SEAT, bookingsValues } from './bookings.ts';
import { moneyColumn, timeColumn, type CsvColumn } from './csv.ts';
import { portions } from './portions.ts';

/** bookings.csv has a line a booking, tickets.csv a line a seat; both in the order in which they were made. */
interface BookingRow {
  key: string;
  id: string;
  status: string;
  created_at: Date;
  confirmed_at: Date | null;
  buyer: string;
  email: string;
  event: string;
  show_id: string;
  starts_at: Date;
  time_zone: string;
  venue: string;
  room: string | null;
  seats: number;
  total: number;
  currency: string;
}
interface TicketRow extends Omit<BookingRow, 'seats' | 'total'> {
  seat_index: number;
  seat: string;
  tier: string;
  attendee: string | null;
  price: number;
  live: boolean;
  ticket_id: string | null;
  checked_in_at: Date | null;
}

// The moment as text, to the microsecond: a Date would lose three digits, and a row with them.
const COMMON = `b.created_at::text as key, b.id, b.status, b.created_at, b.confirmed_at, u.name as buyer, u.email,
  e.title as event, b.show_id, s.starts_at, v.time_zone, v.name as venue, h.room, b.currency`;
const NOTHING_YET = ['-infinity', '00000000-0000-0000-0000-000000000000'] as const;

const zone = ({ time_zone }: { time_zone: string }) => time_zone;
const currency = (row: { currency: string }) => row.currency;
const HEAD: readonly CsvColumn<Omit<BookingRow, 'seats' | 'total'>>[] = [
  { header: 'Booking', cell: ({ id }) => id },
  { header: 'Status', cell: ({ status }) => status },
  timeColumn('Made', (row) => row.created_at, zone),
  timeColumn('Confirmed', (row) => row.confirmed_at, zone),
  { header: 'Buyer', cell: ({ buyer }) => buyer },
  { header: 'E-mail', cell: ({ email }) => email },
  { header: 'Event', cell: ({ event }) => event },
  { header: 'Show', cell: ({ show_id }) => show_id },
  timeColumn('Starts', (row) => row.starts_at, zone),
  { header: 'Time zone', cell: zone },
  { header: 'Venue', cell: ({ venue }) => venue },
  { header: 'Room', cell: ({ room }) => room }
];

export const bookingColumns: readonly CsvColumn<BookingRow>[] = [
  ...HEAD,
  { header: 'Seats', cell: ({ seats }) => seats },
  moneyColumn('Total', ({ total }) => total, currency),
  { header: 'Currency', cell: currency }
];

export const ticketColumns: readonly CsvColumn<TicketRow>[] = [
  ...HEAD,
  { header: 'Seat', cell: ({ seat }) => seat },
  { header: 'Price tier', cell: ({ tier }) => tier },
  { header: 'Attendee', cell: ({ attendee }) => attendee },
  moneyColumn('Price', ({ price }) => price, currency),
  { header: 'Currency', cell: currency },
  { header: 'Valid', cell: ({ live, status }) => (live && status === 'CONFIRMED' ? 'yes' : 'no') },
  { header: 'Ticket', cell: ({ ticket_id }) => ticket_id },
  timeColumn('Checked in', (row) => row.checked_in_at, zone)
];

export const bookingRows = (sql: Sql, by: Manager, query: BookingsQuery) =>
  portions<BookingRow, readonly [string, string]>(
    NOTHING_YET,
    ({ key, id }) => [key, id],
    async (after, limit) => {
      const { rows } = await sql.query<BookingRow>(
        `select ${COMMON}, b.total, (select count(*) from booking_seat bs where bs.booking_id = b.id) as seats
           from ${BOOKINGS_FROM}
          where ${BOOKINGS_FILTER} and (b.created_at, b.id) > ($9::timestamptz, $10::uuid)
          order by b.created_at, b.id limit $11`,
        [...bookingsValues(by, query), ...after, limit]
      );
      return rows;
    }
  );

export const ticketRows = (sql: Sql, by: Manager, query: BookingsQuery) =>
  portions<TicketRow, readonly [string, string, number]>(
    [...NOTHING_YET, -1],
    ({ key, id, seat_index }) => [key, id, seat_index],
    async (after, limit) => {
      const { rows } = await sql.query<TicketRow>(
        `select ${COMMON}, bs.seat_index, p.label as seat, coalesce(t.name, p.tier) as tier, bs.attendee, bs.price, bs.live,
                k.id as ticket_id, k.checked_in_at
           from ${BOOKINGS_FROM}
           join booking_seat bs on bs.booking_id = b.id
           join plan_seat p on p.plan_id = bs.plan_id and p.seat_index = bs.seat_index
           left join show_tier t on t.show_id = bs.show_id and t.tier = p.tier
           left join lateral (${TICKET_OF_SEAT}) k on true
          where ${BOOKINGS_FILTER} and (b.created_at, b.id) >= ($9::timestamptz, $10::uuid)
            and (b.created_at, b.id, bs.seat_index) > ($9::timestamptz, $10::uuid, $11::int)
          order by b.created_at, b.id, bs.seat_index limit $12`,
        [...bookingsValues(by, query), ...after, limit]
      );
      return rows;
    }
  );
