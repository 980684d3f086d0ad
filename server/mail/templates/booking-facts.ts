import { formatMoney } from '#domain/money.ts';
import { placeName } from '#domain/place.ts';
import { showTime } from '#domain/time.ts';
import type { BookingView } from '../../booking/views.ts';

/** What every mail about a booking says of it, in the venue's own time. */
export function bookingFacts(booking: BookingView): (readonly [string, string])[] {
  const { show, lines } = booking;
  // Of a booking that stands, what its seats are worth: some may have been given back.
  const back = booking.status === 'CONFIRMED' ? booking.refunded : 0;
  return [
    ['Event', show.eventTitle],
    ['When', showTime(show.startsAt, show.timeZone)],
    [
      'Where',
      [placeName({ name: show.venueName, room: show.room }), show.venueAddress, show.city]
        .filter((part) => part !== '')
        .join(', ')
    ],
    [
      lines.length === 1 ? 'Seat' : 'Seats',
      lines.map(({ label, ticketType }) => (ticketType ? `${label} (${ticketType})` : label)).join('; ')
    ],
    ...priceParts(booking),
    ...(back > 0 ? [['Given back', `−${formatMoney({ amount: back, currency: booking.currency })}`] as const] : []),
    ['Total', formatMoney({ amount: booking.total - back, currency: booking.currency })]
  ];
}

/** The receipt, as the booking's page has it; nothing where the total is the tickets' prices and no more. */
function priceParts({ receipt, currency }: BookingView): (readonly [string, string])[] {
  const money = (amount: number) => formatMoney({ amount, currency });
  const { subtotal, discount, promoCode, fees, tax } = receipt;
  if (discount === 0 && fees.length === 0 && !tax) return [];
  return [
    ['Tickets', money(subtotal)],
    ...(discount > 0 ? [[`Discount${promoCode ? ` (${promoCode})` : ''}`, `−${money(discount)}`] as const] : []),
    ...fees.map(({ name, amount }) => [name, money(amount)] as const),
    ...(tax ? [[tax.included ? `${tax.name}, included` : tax.name, money(tax.amount)] as const] : [])
  ];
}

/** Somebody's own words with a full stop, whether or not they wrote one. */
export const sentence = (words: string) => (/[.!?…]$/.test(words) ? words : `${words}.`);
