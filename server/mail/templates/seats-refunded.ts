import { formatMoney } from '#domain/money.ts';
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
    .map(({ label }) => label);
  const one = labels.length === 1;
  const title = one ? 'One of your seats was given back' : 'Some of your seats were given back';
  const what = `the organizer has taken ${labels.join('; ')} out of your booking for ${eventTitle}: ${sentence(refund.reason)}`;
  const sum = formatMoney({ amount: refund.amount, currency: refund.currency });
  const money = `You get ${sum} back, the way you paid. Banks take up to ten days to show it.`;
  const tickets = `The ${one ? 'ticket for this seat is' : 'tickets for these seats are'} not valid any more. Your other tickets stay as they are.`;
  const rows = bookingFacts(booking);
  const body = html`${paragraph(html`Hello ${mail.name}, ${what}`)} ${paragraph(html`${money} ${tickets}`)}
  ${facts(rows)} ${button(url, 'See your booking')}`;
  return {
    subject: `${sum} of your booking for ${eventTitle} comes back`,
    html: layout({ preview: money, title, body }),
    text: `${title}

Hello ${mail.name}, ${what}

${money} ${tickets}

${factsInText(rows)}

Your booking: ${url}
`
  };
}
