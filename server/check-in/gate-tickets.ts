import type { GateTicket } from '#domain/check-in.ts';
import type { ShowId, UserId } from '#domain/ids.ts';
import type { BookingStatus } from '../booking/views.ts';
import { pattern } from '../catalog/cursor.ts';
import type { Sql } from '../db/database.ts';
import { behind, type Door } from './door.ts';

/** A ticket with all that decides whether it lets somebody in. */
export interface TicketAtGate extends GateTicket {
  showId: ShowId;
  bookingId: string;
  status: BookingStatus;
  live: boolean;
  checkedInAt: Date | null;
  checkedInBy: UserId | null;
  gate: string | null;
  eventTitle: string;
  startsAt: Date;
  timeZone: string;
}

const AT_GATE = `
  select t.id, t.show_id as "showId", t.booking_id as "bookingId", p.label, b.status, bs.live and t.void_at is null as live,
         coalesce(nullif(bs.attendee, ''), u.name) as attendee,
         t.checked_in_at as "checkedInAt", t.checked_in_by as "checkedInBy", t.gate,
         e.title as "eventTitle", s.starts_at as "startsAt", v.time_zone as "timeZone",
         (select count(distinct o.seat_index) from ticket o where o.booking_id = t.booking_id and o.seat_index <= t.seat_index) as n,
         (select count(distinct o.seat_index) from ticket o where o.booking_id = t.booking_id) as "of"
    from ticket t
    join booking b on b.id = t.booking_id
    join app_user u on u.id = b.user_id
    join booking_seat bs on bs.booking_id = t.booking_id and bs.seat_index = t.seat_index
    join plan_seat p on p.plan_id = bs.plan_id and p.seat_index = bs.seat_index
    join show s on s.id = t.show_id
    join event e on e.id = s.event_id
    join venue v on v.id = s.venue_id`;

/** A ticket that is not behind this door looks the same as one that does not exist. */
export async function readAtGate(
  sql: Sql,
  door: Door,
  which: { id: string } | { showId: ShowId; shortCode: string }
): Promise<TicketAtGate | null> {
  const [where, values] =
    'id' in which
      ? ['t.id = $2', [which.id]]
      : ['t.show_id = $2 and t.short_code = $3', [which.showId, which.shortCode]];
  const { rows } = await sql.query<TicketAtGate>(`${AT_GATE} where ${behind('e.organizer_id', 1)} and ${where}`, [
    door.owners,
    ...values
  ]);
  return rows[0] ?? null;
}

/** By the attendee's or the buyer's name, or the seat. */
export async function searchAtGate(sql: Sql, door: Door, showId: ShowId, q: string): Promise<TicketAtGate[]> {
  const { rows } = await sql.query<TicketAtGate>(
    `${AT_GATE} where ${behind('e.organizer_id', 1)} and t.show_id = $2 and b.status = 'CONFIRMED' and bs.live and t.void_at is null
        and (bs.attendee ilike $3 or u.name ilike $3 or p.label ilike $3 or lower(p.short) = lower($4))
      order by (lower(p.short) = lower($4)) desc, attendee, t.seat_index limit 20`,
    [door.owners, showId, pattern(q), q.trim()]
  );
  return rows;
}

export const toGate = ({ id, label, attendee, n, of }: TicketAtGate): GateTicket => ({ id, label, attendee, n, of });
