import type { HoldId, ShowId, UserId } from '#domain/ids.ts';
import { isRefusal } from '#domain/refusal.ts';
import type { SeatIndex } from '#domain/seat-map.ts';
import { buyerOfUser } from '../accounts/buyer-token.ts';
import type { Database } from '../db/database.ts';
import type { Seats } from '../seats/seats.ts';
import { faultPoint } from './fault-points.ts';
import type { BookingStatus } from './views.ts';

interface Truth {
  show_id: ShowId;
  hold_id: HoldId;
  status: BookingStatus;
  user_id: UserId;
  seats: SeatIndex[];
  /** Given back, and nobody else's now. */
  free: SeatIndex[];
  /** Given back. */
  gone: SeatIndex[];
  /** The leases of its moves, and which seats it has by each. */
  moves: { hold: HoldId; seats: SeatIndex[] }[];
  /** The leases of moves that came to nothing. */
  over: HoldId[];
}

/**
 * Makes Redis agree with what Postgres says of a booking now, whatever it said when the job was written: so the
 * job can come late, twice or out of order. Throws while Redis is away.
 */
export async function syncSeats({ db, seats }: { db: Database; seats: Seats }, bookingId: string): Promise<void> {
  const found = await db.query<Truth>(
    `select b.show_id, b.user_id, b.hold_id, b.status,
            array(select seat_index from booking_seat where booking_id = b.id and live order by seat_index) as seats,
            g.seats as gone,
            array(select w.seat from unnest(g.seats) as w (seat)
                   where b.confirmed_at is not null and not exists (
                           select 1 from booking_seat o where o.show_id = b.show_id and o.seat_index = w.seat and o.live)
                   order by 1) as free,
            (select coalesce(json_agg(json_build_object('hold', m.hold_id, 'seats', array(
                       select seat_index from booking_seat s
                        where s.booking_id = b.id and s.live and s.seat_index = any(m.to_seats) order by 1)) order by m.at), '[]')
               from booking_move m where m.booking_id = b.id) as moves,
            array(select hold_id from paid_move where booking_id = b.id and status not in ('PENDING', 'DONE')) as over
       from booking b
      cross join lateral (
            select array(select seat_index from booking_seat where booking_id = b.id and not live
                          union
                         select unnest(from_seats || to_seats) from booking_move where booking_id = b.id
                         except
                         select seat_index from booking_seat where booking_id = b.id and live
                         order by 1) as seats) g
      where b.id = $1`,
    [bookingId]
  );
  const [booking] = found.rows;
  if (!booking) throw new Error(`there is no booking ${bookingId}`);
  if (booking.status === 'PENDING') return;
  const end = (hold: HoldId) => endOver({ db, seats }, bookingId, hold);
  // Mending reads each seat's owner in Postgres: seats that others have booked meanwhile stay theirs.
  const steps =
    booking.status === 'CONFIRMED'
      ? [
          ...booking.moves.map((move) => () => seats.book(booking.show_id, move.hold, move.seats)),
          // Moved before its own seats were booked here: they go through it, so that freeing them counts.
          () => seats.book(booking.show_id, booking.hold_id, [...booking.seats, ...booking.gone])
        ]
      : [booking.hold_id, ...booking.moves.map(({ hold }) => hold)].map((hold) => () => end(hold));
  const back = [
    // Freeing counts them out of the buyer's cap as well; mending reads the truth once more after it.
    () => seats.free(booking.show_id, booking.free, buyerOfUser(booking.user_id)),
    () => seats.mend(booking.show_id, booking.gone)
  ];
  const ended = booking.over.map((hold) => () => end(hold));
  for (const step of [...ended, ...steps, ...(booking.gone.length > 0 ? back : [])]) {
    const answer = await step();
    if (isRefusal(answer)) throw new Error(`seats could not be brought up to date: ${answer.code}`);
  }
  faultPoint('seats:after-sync');
}

/** Ends a hold of a booking or a move that is over. Who pays for it late leases it again (late-seats.ts): one waits for the other. */
async function endOver({ db, seats }: { db: Database; seats: Seats }, bookingId: string, hold: HoldId) {
  return db.transaction(async (sql) => {
    await sql.query('select 1 from booking where id = $1 for share', [bookingId]);
    const over = await sql.query(
      `select 1 from booking b
        where b.id = $1 and b.status <> 'PENDING'
          and (b.status <> 'CONFIRMED' or b.hold_id <> $2 and not exists (
                select 1 from paid_move m where m.booking_id = b.id and m.hold_id = $2 and m.status in ('PENDING', 'DONE')))`,
      [bookingId, hold]
    );
    return over.rows.length > 0 ? seats.endHold(hold) : undefined;
  });
}
