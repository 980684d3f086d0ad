import * as m from '#domain/messages/compiled/mail.js';
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
  const count = mail.to.length;
  const from = mail.from.join('; ');
  const codes = await ticketCodes(tickets);
  const title = m.moved_title({ count });
  const change = { count, event: eventTitle, from, to: mail.to.join('; ') };
  const what = mail.own ? m.moved_own(change) : m.moved_by_organizer(change);
  const hello = m.hello_and({ name: mail.name, says: what });
  const old = m.moved_old({ count, from });
  const sum = formatMoney({ amount: mail.refund, currency: booking.currency });
  const money =
    mail.refund > 0
      ? m.moved_less({ count, sum })
      : mail.paid > 0
        ? m.moved_paid({ sum: formatMoney({ amount: mail.paid, currency: booking.currency }) })
        : m.moved_nothing();
  const body = html`${paragraph(html`${hello}`)} ${paragraph(html`${old} ${money}`)} ${facts(rows)} ${codes.html}
  ${button(url, m.see_booking())}`;
  return {
    subject: `${title}: ${eventTitle}`,
    html: layout({ preview: what, title, body }),
    text: `${title}

${hello}

${old} ${money}

${factsInText(rows)}

${codes.text}

${m.your_booking()}: ${url}
`,
    pictures: codes.pictures
  };
}
