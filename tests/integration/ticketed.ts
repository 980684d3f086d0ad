import type { Database } from '../../server/db/database.ts';
import { bookInPostgres, type MadeShow } from './shows.ts';

/** A confirmed booking with its tickets. */
export async function bookWithTickets(db: Database, show: MadeShow, seats: readonly number[]) {
  const booked = await bookInPostgres(db, show, seats);
  const { rows } = await db.query<{ id: string; short_code: string }>(
    `insert into ticket (id, booking_id, show_id, seat_index)
     select gen_random_uuid(), booking_id, show_id, seat_index from booking_seat where booking_id = $1 order by seat_index
     returning id, short_code`,
    [booked.bookingId]
  );
  return { ...booked, tickets: rows };
}
