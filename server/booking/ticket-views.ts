import type { SeatIndex } from '#domain/seat-map.ts';
import type { Sql } from '../db/database.ts';
import type { TicketCodes } from '../tickets/ticket-code.ts';

/** How tickets look to their user. */
export interface TicketView {
  id: string;
  seatIndex: SeatIndex;
  label: string;
  /** Signed: what its QR code says. */
  code: string;
  /** What can be typed in its place. */
  shortCode: string;
  checkedInAt: string | null;
}

/** Valid tickets: of a booking that is confirmed, by seat. */
export async function readTickets(sql: Sql, bookingId: string, codes: TicketCodes): Promise<TicketView[]> {
  const found = await sql.query<{
    id: string;
    seat_index: SeatIndex;
    label: string;
    short_code: string;
    checked_in_at: Date | null;
  }>(
    `select t.id, t.seat_index, p.label, t.short_code, t.checked_in_at
       from ticket t
       join booking_seat bs on bs.booking_id = t.booking_id and bs.seat_index = t.seat_index and bs.live
       join plan_seat p on p.plan_id = bs.plan_id and p.seat_index = bs.seat_index
       join booking b on b.id = t.booking_id
      where t.booking_id = $1 and b.status = 'CONFIRMED' and t.void_at is null order by t.seat_index`,
    [bookingId]
  );
  return found.rows.map((row) => ({
    id: row.id,
    seatIndex: row.seat_index,
    label: row.label,
    code: codes.sign(row.id),
    shortCode: row.short_code,
    checkedInAt: row.checked_in_at?.toISOString() ?? null
  }));
}
