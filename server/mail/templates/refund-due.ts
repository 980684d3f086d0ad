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
  const title = 'Your payment came too late';
  const sum = formatMoney({ amount: booking.total, currency: booking.currency });
  const sorry = `the time to pay for your seats was over when your payment arrived, and they cannot be given to you any more. We are sorry. You get all of your money back: ${sum}.`;
  const body = html`${paragraph(html`Hello ${mail.name}, ${sorry}`)} ${facts(rows)} ${button(url, 'See your booking')}`;
  return {
    subject: `Your money for ${eventTitle} comes back`,
    html: layout({ preview: `You get ${sum} back.`, title, body }),
    text: `${title}

Hello ${mail.name}, ${sorry}

${factsInText(rows)}

Your booking: ${url}
`
  };
}
