import * as m from '#domain/messages/compiled/mail.js';
import { formatMoney } from '#domain/money.ts';
import type { BookingView } from '../../booking/views.ts';
import type { Letter } from '../transport.ts';
import { bookingFacts } from './booking-facts.ts';
import { button, facts, factsInText, html, layout, paragraph } from './layout.ts';

/** The payment came after the time to pay was over, and someone else has the seats. */
export function refundDueLetter(mail: { name: string; booking: BookingView; origin: string }): Letter {
  const { booking } = mail;
  const { eventTitle } = booking.show;
  const url = `${mail.origin}/bookings/${booking.id}`;
  const rows = bookingFacts(booking);
  const title = m.late_title();
  const sum = formatMoney({ amount: booking.total, currency: booking.currency });
  const hello = m.hello_and({ name: mail.name, says: m.late_says({ sum }) });
  const body = html`${paragraph(html`${hello}`)} ${facts(rows)} ${button(url, m.see_booking())}`;
  return {
    subject: m.late_subject({ event: eventTitle }),
    html: layout({ preview: m.sum_back({ sum }), title, body }),
    text: `${title}

${hello}

${factsInText(rows)}

${m.your_booking()}: ${url}
`
  };
}
