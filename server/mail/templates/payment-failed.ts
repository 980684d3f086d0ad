import { showTime } from '#domain/time.ts';
import type { BookingView } from '../../booking/views.ts';
import type { Letter } from '../transport.ts';
import { bookingFacts } from './booking-facts.ts';
import { button, facts, factsInText, html, layout, paragraph } from './layout.ts';

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
  const title = 'Your payment did not go through';
  const waits = booking.status === 'PENDING';
  const next = mail.move
    ? 'Nothing was charged, and your seats were not changed: your booking and your tickets are as they were. If you still want other seats, please choose them again.'
    : waits
      ? `Nothing was charged. Your seats are kept until ${showTime(booking.expiresAt, timeZone)}: you can try again until then.`
      : 'Nothing was charged. Your seats are on sale again.';
  const body = html`${paragraph(html`Hello ${mail.name}, the payment for ${mail.move ? 'other seats of ' : ''}<strong>${eventTitle}</strong> was declined.`)}
  ${paragraph(html`${next}`)} ${facts(rows)} ${button(url, waits ? 'Try again' : 'See your booking')}`;
  return {
    subject: `Your payment for ${eventTitle} did not go through`,
    html: layout({ preview: next, title, body }),
    text: `${title}

Hello ${mail.name}, the payment for ${mail.move ? 'other seats of ' : ''}${eventTitle} was declined. ${next}

${factsInText(rows)}

${waits ? 'Try again' : 'Your booking'}: ${url}
`
  };
}
