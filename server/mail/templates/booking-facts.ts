import * as m from '#domain/messages/compiled/mail.js';
import { formatMoney } from '#domain/money.ts';
import { placeName } from '#domain/place.ts';
import { showTime } from '#domain/time.ts';
import { seatInWords } from '#domain/seat-words.ts';
import type { BookingView } from '../../booking/views.ts';

/** What every mail about a booking says of it, in the venue's own time. */
export function bookingFacts(booking: BookingView): (readonly [string, string])[] {
  const { show, lines } = booking;
  // Of a booking that stands, what its seats are worth: some may have been given back.
  const back = booking.status === 'CONFIRMED' ? booking.refunded : 0;
  return [
    [m.fact_event(), show.eventTitle],
    [m.fact_when(), showTime(show.startsAt, show.timeZone)],
    [
      m.fact_where(),
      [placeName({ name: show.venueName, room: show.room }), show.venueAddress, show.city]
        .filter((part) => part !== '')
        .join(', ')
    ],
    [
      m.fact_seats({ count: lines.length }),
      lines.map(({ label, ticketType }) => seatInWords(label) + (ticketType ? ` (${ticketType})` : '')).join('; ')
    ],
    ...priceParts(booking),
    ...(back > 0
      ? [[m.fact_given_back(), `−${formatMoney({ amount: back, currency: booking.currency })}`] as const]
      : []),
    [m.fact_total(), formatMoney({ amount: booking.total - back, currency: booking.currency })]
  ];
}

/** The receipt, as the booking's page has it; nothing where the total is the tickets' prices and no more. */
function priceParts({ receipt, currency }: BookingView): (readonly [string, string])[] {
  const money = (amount: number) => formatMoney({ amount, currency });
  const { subtotal, discount, promoCode, fees, tax } = receipt;
  if (discount === 0 && fees.length === 0 && !tax) return [];
  return [
    [m.fact_tickets(), money(subtotal)],
    ...(discount > 0
      ? [[promoCode ? m.fact_discount_code({ code: promoCode }) : m.fact_discount(), `−${money(discount)}`] as const]
      : []),
    ...fees.map(({ name, amount }) => [name, money(amount)] as const),
    ...(tax ? [[tax.included ? m.fact_tax_included({ tax: tax.name }) : tax.name, money(tax.amount)] as const] : [])
  ];
}

/** Somebody's own words with a full stop, whether or not they wrote one. */
export const sentence = (words: string) => (/[.!?…।]$/.test(words) ? words : `${words}.`);
