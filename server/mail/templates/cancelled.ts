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
  const title = cancelled ? 'The show is cancelled' : 'Your booking is cancelled';
  const why = cancelled
    ? `${eventTitle} does not take place. The organizer says: ${sentence(cancelled.reason)} We are sorry.`
    : mail.own
      ? `you have cancelled your booking for ${eventTitle}.`
      : `the organizer has cancelled your booking for ${eventTitle}: ${sentence(mail.reason)}`;
  const money =
    sum === null
      ? 'Nothing was charged, so nothing goes back.'
      : `You get ${sum} back, the way you paid. Banks take up to ten days to show it.`;
  const tickets = 'The tickets are not valid any more.';
  const rows = bookingFacts(booking);
  const body = html`${paragraph(html`Hello ${mail.name}, ${why}`)} ${paragraph(html`${money} ${tickets}`)}
  ${facts(rows)} ${button(url, 'See your booking')}`;
  return {
    subject: cancelled ? `${eventTitle} is cancelled` : `Your booking for ${eventTitle} is cancelled`,
    html: layout({ preview: money, title, body }),
    text: `${title}

Hello ${mail.name}, ${why}

${money} ${tickets}

${factsInText(rows)}

Your booking: ${url}
`
  };
}
