import { formatMoney } from '#domain/money.ts';
import { placeName } from '#domain/place.ts';
import { showTime } from '#domain/time.ts';
import type { BookingView } from '../../booking/views.ts';

/** What every mail about a booking says of it, in the venue's own time. */
export function bookingFacts(booking: BookingView): (readonly [string, string])[] {
  const { show, lines } = booking;
  // Of a booking that stands, what its seats are worth: some may have been given back.
  const total = booking.status === 'CONFIRMED' ? booking.total - booking.refunded : booking.total;
  return [
    ['Event', show.eventTitle],
    ['When', showTime(show.startsAt, show.timeZone)],
    [
      'Where',
      [placeName({ name: show.venueName, room: show.room }), show.venueAddress, show.city]
        .filter((part) => part !== '')
        .join(', ')
    ],
    [lines.length === 1 ? 'Seat' : 'Seats', lines.map((seat) => seat.label).join('; ')],
    ['Total', formatMoney({ amount: total, currency: booking.currency })]
  ];
}

/** Somebody's own words with a full stop, whether or not they wrote one. */
export const sentence = (words: string) => (/[.!?…]$/.test(words) ? words : `${words}.`);
