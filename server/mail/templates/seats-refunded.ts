import { keptInWords } from '#domain/kept-words.ts';
import * as m from '#domain/messages/compiled/mail.js';
import { formatMoney } from '#domain/money.ts';
import { seatInWords } from '#domain/seat-words.ts';
import type { RefundView } from '../../booking/refund-views.ts';
import type { BookingView } from '../../booking/views.ts';
import type { Letter } from '../transport.ts';
import { bookingFacts, sentence } from './booking-facts.ts';
import { button, facts, factsInText, html, layout, paragraph } from './layout.ts';

/** Some seats of a booking were given back; the facts below are of what stays. */
export function seatsRefundedLetter(mail: {
  name: string;
  booking: BookingView;
  refund: RefundView;
  origin: string;
}): Letter {
  const { booking, refund } = mail;
  const { eventTitle } = booking.show;
  const url = `${mail.origin}/bookings/${booking.id}`;
  const labels = [...booking.lines, ...booking.returned]
    .filter(({ index }) => refund.seats?.includes(index))
    .map(({ label }) => seatInWords(label));
  const count = labels.length;
  const title = m.refunded_title({ count });
  const says = m.refunded_says({
    seats: labels.join('; '),
    event: eventTitle,
    reason: sentence(keptInWords(refund.reason))
  });
  const hello = m.hello_and({ name: mail.name, says });
  const sum = formatMoney({ amount: refund.amount, currency: refund.currency });
  const money = m.you_get_back({ sum });
  const tickets = m.refunded_tickets({ count });
  const rows = bookingFacts(booking);
  const body = html`${paragraph(html`${hello}`)} ${paragraph(html`${money} ${tickets}`)} ${facts(rows)}
  ${button(url, m.see_booking())}`;
  return {
    subject: m.refunded_subject({ sum, event: eventTitle }),
    html: layout({ preview: money, title, body }),
    text: `${title}

${hello}

${money} ${tickets}

${factsInText(rows)}

${m.your_booking()}: ${url}
`
  };
}
