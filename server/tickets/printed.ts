import type { ShowId, UserId } from '#domain/ids.ts';
import type { BookingStatus } from '../booking/views.ts';
import { placeOf } from '../catalog/rooms.ts';
import type { Sql } from '../db/database.ts';

/** All that stands on the tickets of a booking and in its calendar entry. Money is minor units. */
export interface Printed {
  id: string;
  status: BookingStatus;
  currency: string;
  /** In which it was bought. */
  language: string | null;
  buyer: string;
  showId: ShowId;
  startsAt: Date;
  doorsAt: Date | null;
  /** Goes up with every change of the show. */
  showVersion: number;
  durationMin: number | null;
  title: string;
  performers: string;
  /** With its room. */
  venue: string;
  address: string;
  city: string;
  timeZone: string;
  /** By seat; those that let somebody in. */
  tickets: PrintedTicket[];
  /** Every seat of the booking by its name, whatever has become of it. */
  seats: string[];
}

export interface PrintedTicket {
  id: string;
  shortCode: string;
  label: string;
  attendee: string | null;
  ticketType: string | null;
  /** In all. */
  price: number;
  fees: number;
  /** Added or included. */
  tax: number;
}

const TICKETS = `
  select json_agg(json_build_object('id', t.id, 'shortCode', t.short_code, 'label', p.label,
                                    'attendee', nullif(bs.attendee, ''), 'ticketType', bs.ticket_type,
                                    'price', bs.price, 'fees', bs.fees, 'tax', bs.tax + bs.tax_included) order by t.seat_index)
    from ticket t
    join booking_seat bs on bs.booking_id = t.booking_id and bs.seat_index = t.seat_index and bs.live
    join plan_seat p on p.plan_id = bs.plan_id and p.seat_index = bs.seat_index
   where t.booking_id = b.id and b.status = 'CONFIRMED' and t.void_at is null`;

const SEATS = `
  select json_agg(p.label order by bs.seat_index)
    from booking_seat bs join plan_seat p on p.plan_id = bs.plan_id and p.seat_index = bs.seat_index
   where bs.booking_id = b.id`;

/** Of whose booking: a user's own, one of a show (for whoever manages that), or any (for mails, never for a request). */
export type Reader = { user: UserId } | { show: ShowId } | 'anybody';

export async function readPrinted(sql: Sql, bookingId: string, of: Reader): Promise<Printed | null> {
  const { rows } = await sql.query<Printed>(
    `select b.id, b.status, b.currency,
            coalesce(b.language, u.language) as language, u.name as buyer, b.show_id as "showId", s.starts_at as "startsAt",
            s.doors_at as "doorsAt", s.version as "showVersion", e.duration_min as "durationMin", e.title, e.performers,
            ${placeOf('h')} as venue, v.address, v.city, v.time_zone as "timeZone",
            coalesce((${TICKETS}), '[]') as tickets, coalesce((${SEATS}), '[]') as seats
       from booking b
       join app_user u on u.id = b.user_id
       join show s on s.id = b.show_id
       join event e on e.id = s.event_id
       join venue v on v.id = s.venue_id
       join seating_plan h on h.id = s.plan_id
      where b.id = $1 and ($2::uuid is null or b.user_id = $2) and ($3::text is null or b.show_id = $3)`,
    [
      bookingId,
      typeof of === 'object' && 'user' in of ? of.user : null,
      typeof of === 'object' && 'show' in of ? of.show : null
    ]
  );
  return rows[0] ?? null;
}
