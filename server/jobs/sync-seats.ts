import type { HoldId, ShowId, UserId } from '#domain/ids.ts';
import { isRefusal } from '#domain/refusal.ts';
import type { SeatIndex } from '#domain/seat-map.ts';
import { buyerOfUser } from '../accounts/buyer-token.ts';
import { faultPoint } from '../booking/fault-points.ts';
import type { BookingStatus } from '../booking/views.ts';
import type { JobParts } from './parts.ts';

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
}

/**
 * Makes Redis agree with what Postgres says of a booking now, whatever it said when the job was written: so the
 * job can come late, twice or out of order. Throws while Redis is away.
 */
export async function syncSeats({ db, seats }: Pick<JobParts, 'db' | 'seats'>, bookingId: string): Promise<void> {
  const found = await db.query<Truth>(
    `select b.show_id, b.user_id, b.hold_id, b.status,
            array(select seat_index from booking_seat where booking_id = b.id and live order by seat_index) as seats,
            array(select seat_index from booking_seat where booking_id = b.id and not live order by seat_index) as gone,
            array(select bs.seat_index from booking_seat bs
                   where bs.booking_id = b.id and not bs.live and b.confirmed_at is not null and not exists (
                           select 1 from booking_seat o
                            where o.show_id = bs.show_id and o.seat_index = bs.seat_index and o.live)
                   order by bs.seat_index) as free
       from booking b where b.id = $1`,
    [bookingId]
  );
  const [booking] = found.rows;
  if (!booking) throw new Error(`there is no booking ${bookingId}`);
  if (booking.status === 'PENDING') return;
  // Mending reads each seat's owner in Postgres: seats that others have booked meanwhile stay theirs.
  const steps =
    booking.status === 'CONFIRMED'
      ? [() => seats.book(booking.show_id, booking.hold_id, booking.seats)]
      : [() => seats.endHold(booking.hold_id)];
  const back = [
    // Freeing counts them out of the buyer's cap as well; mending reads the truth once more after it.
    () => seats.free(booking.show_id, booking.free, buyerOfUser(booking.user_id)),
    () => seats.mend(booking.show_id, booking.gone)
  ];
  for (const step of [...steps, ...(booking.gone.length > 0 ? back : [])]) {
    const answer = await step();
    if (isRefusal(answer)) throw new Error(`seats could not be brought up to date: ${answer.code}`);
  }
  faultPoint('seats:after-sync');
}
