import * as m from '#domain/messages/compiled/mail.js';
import { formatMoney } from '#domain/money.ts';
import type { RefundView } from '../../booking/refund-views.ts';
import type { BookingView } from '../../booking/views.ts';
import type { Letter } from '../transport.ts';
import { bookingFacts, sentence } from './booking-facts.ts';
import { button, facts, factsInText, html, layout, paragraph } from './layout.ts';

/** A booking is over: the show does not take place, or somebody gave the booking back. With what goes back. */
export function cancelledLetter(mail: {
  name: string;
  booking: BookingView;
  /** What goes back now; null when nothing was paid. */
  refund: RefundView | null;
  /** The customer did it themselves. */
  own: boolean;
  /** Why, in the organizer's words. */
  reason: string;
  origin: string;
}): Letter {
  const { booking, refund } = mail;
  const { eventTitle, cancelled } = booking.show;
  const url = `${mail.origin}/bookings/${booking.id}`;
  const sum = refund && formatMoney({ amount: refund.amount, currency: refund.currency });
  const title = cancelled ? m.cancelled_show_title() : m.cancelled_title();
  const why = cancelled
    ? m.cancelled_show_why({ event: eventTitle, reason: sentence(cancelled.reason) })
    : mail.own
      ? m.cancelled_own({ event: eventTitle })
      : m.cancelled_by_organizer({ event: eventTitle, reason: sentence(mail.reason) });
  const hello = m.hello_and({ name: mail.name, says: why });
  const money = sum === null ? m.nothing_charged() : m.you_get_back({ sum });
  const tickets = m.tickets_invalid();
  const rows = bookingFacts(booking);
  const body = html`${paragraph(html`${hello}`)} ${paragraph(html`${money} ${tickets}`)} ${facts(rows)}
  ${button(url, m.see_booking())}`;
  return {
    subject: cancelled ? m.cancelled_show_subject({ event: eventTitle }) : m.cancelled_subject({ event: eventTitle }),
    html: layout({ preview: money, title, body }),
    text: `${title}

${hello}

${money} ${tickets}

${factsInText(rows)}

${m.your_booking()}: ${url}
`
  };
}
