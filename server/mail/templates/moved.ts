import { formatMoney } from '#domain/money.ts';
import type { TicketView } from '../../booking/ticket-views.ts';
import type { BookingView } from '../../booking/views.ts';
import type { Letter } from '../transport.ts';
import { bookingFacts } from './booking-facts.ts';
import { button, facts, factsInText, html, layout, paragraph } from './layout.ts';
import { ticketCodes } from './ticket-codes.ts';

/** A booking was moved to other seats, by its buyer (`own`) or the organizer: what changed, and all tickets as they are now. */
export async function movedLetter(mail: {
  name: string;
  booking: BookingView;
  /** Names of the seats that went and of those that came. */
  from: readonly string[];
  to: readonly string[];
  own: boolean;
  /** What goes back, and what was paid for it, in minor units. */
  refund: number;
  paid: number;
  tickets: readonly TicketView[];
  origin: string;
}): Promise<Letter> {
  const { booking, tickets } = mail;
  const { eventTitle } = booking.show;
  const url = `${mail.origin}/bookings/${booking.id}`;
  const rows = bookingFacts(booking);
  const one = mail.to.length === 1;
  const codes = await ticketCodes(tickets);
  const title = one ? 'Your seat has changed' : 'Your seats have changed';
  const what = `${mail.own ? 'you have changed the seats of your booking' : 'the organizer has moved your booking'} for ${eventTitle}: ${mail.from.join('; ')} ${one ? 'is' : 'are'} now ${mail.to.join('; ')}.`;
  const old = `Please use the tickets below. The ${one ? 'one' : 'ones'} you had for ${mail.from.join('; ')} will not let anybody in any more.`;
  const sum = formatMoney({ amount: mail.refund, currency: booking.currency });
  const money =
    mail.refund > 0
      ? `The new ${one ? 'seat costs' : 'seats cost'} less: you get ${sum} back, the way you paid. Banks take up to ten days to show it.`
      : mail.paid > 0
        ? `You have paid ${formatMoney({ amount: mail.paid, currency: booking.currency })} for it. There is nothing more to pay.`
        : 'You have nothing to pay.';
  const body = html`${paragraph(html`Hello ${mail.name}, ${what}`)} ${paragraph(html`${old} ${money}`)} ${facts(rows)}
  ${codes.html} ${button(url, 'See your booking')}`;
  return {
    subject: `${title}: ${eventTitle}`,
    html: layout({ preview: what, title, body }),
    text: `${title}

Hello ${mail.name}, ${what}

${old} ${money}

${factsInText(rows)}

${codes.text}

Your booking: ${url}
`,
    pictures: codes.pictures
  };
}
