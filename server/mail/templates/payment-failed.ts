import * as m from '#domain/messages/compiled/mail.js';
import { showTime } from '#domain/time.ts';
import type { BookingView } from '../../booking/views.ts';
import type { Letter } from '../transport.ts';
import { bookingFacts } from './booking-facts.ts';
import { button, facts, factsInText, html, layout, paragraph, withStrong } from './layout.ts';

/** Nothing was charged; the seats are kept for a while, or are on sale again. */
export function paymentFailedLetter(mail: {
  name: string;
  booking: BookingView;
  origin: string;
  /** It was for the difference to other seats. */
  move: boolean;
}): Letter {
  const { booking } = mail;
  const { eventTitle, timeZone } = booking.show;
  const url = `${mail.origin}/bookings/${booking.id}`;
  const rows = bookingFacts(booking);
  const title = m.failed_title();
  const waits = booking.status === 'PENDING';
  const next = mail.move
    ? m.failed_move()
    : waits
      ? m.failed_waits({ until: showTime(booking.expiresAt, timeZone) })
      : m.failed_on_sale();
  const says = (event: string) =>
    m.hello_and({ name: mail.name, says: mail.move ? m.failed_says_move({ event }) : m.failed_says({ event }) });
  const body = html`${paragraph(withStrong(says, eventTitle))} ${paragraph(html`${next}`)} ${facts(rows)}
  ${button(url, waits ? m.try_again() : m.see_booking())}`;
  return {
    subject: m.failed_subject({ event: eventTitle }),
    html: layout({ preview: next, title, body }),
    text: `${title}

${says(eventTitle)} ${next}

${factsInText(rows)}

${waits ? m.try_again() : m.your_booking()}: ${url}
`
  };
}
