import * as m from '#domain/messages/compiled/mail.js';
import type { TicketView } from '../../booking/ticket-views.ts';
import type { BookingView } from '../../booking/views.ts';
import type { Letter } from '../transport.ts';
import { bookingFacts } from './booking-facts.ts';
import { button, facts, factsInText, html, layout, paragraph, withStrong } from './layout.ts';
import { ticketCodes } from './ticket-codes.ts';

/** The tickets, each with the QR code that is read at the door. The picture is part of the mail: nothing is fetched. */
export async function confirmationLetter(mail: {
  name: string;
  booking: BookingView;
  tickets: readonly TicketView[];
  origin: string;
}): Promise<Letter> {
  const { booking, tickets } = mail;
  const { eventTitle } = booking.show;
  const url = `${mail.origin}/bookings/${booking.id}`;
  const rows = bookingFacts(booking);
  const count = tickets.length;
  const codes = await ticketCodes(tickets);
  const title = m.confirmation_title({ count });
  const says = (event: string) => m.hello_and({ name: mail.name, says: m.confirmed({ event }) });
  const body = html`${paragraph(withStrong(says, eventTitle))} ${facts(rows)} ${codes.html}
  ${button(url, m.see_tickets({ count }))}`;
  const text = `${title}

${says(eventTitle)}

${factsInText(rows)}

${codes.text}

${m.codes_as_pictures({ url })}
`;
  return {
    subject: m.confirmation_subject({ count, event: eventTitle }),
    html: layout({
      preview: rows
        .map(([, value]) => value)
        .slice(1, 3)
        .join(' · '),
      title,
      body
    }),
    text,
    pictures: codes.pictures
  };
}
