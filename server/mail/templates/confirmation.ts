import type { TicketView } from '../../booking/ticket-views.ts';
import type { BookingView } from '../../booking/views.ts';
import type { Letter } from '../transport.ts';
import { bookingFacts } from './booking-facts.ts';
import { button, facts, factsInText, html, layout, paragraph } from './layout.ts';
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
  const many = tickets.length > 1;
  const codes = await ticketCodes(tickets);
  const title = many ? 'Your tickets are here' : 'Your ticket is here';
  const body = html`${paragraph(html`Hello ${mail.name}, your booking for <strong>${eventTitle}</strong> is confirmed. Enjoy the show!`)}
  ${facts(rows)} ${codes.html} ${button(url, many ? 'See your tickets' : 'See your ticket')}`;
  const text = `${title}

Hello ${mail.name}, your booking for ${eventTitle} is confirmed. Enjoy the show!

${factsInText(rows)}

${codes.text}

The codes as pictures for the door: ${url}
`;
  return {
    subject: `Your ${many ? 'tickets' : 'ticket'} for ${eventTitle}`,
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
