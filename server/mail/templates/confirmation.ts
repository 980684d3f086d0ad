import { toBuffer } from 'qrcode';
import { groupShortCode } from '#domain/short-code.ts';
import type { TicketView } from '../../booking/ticket-views.ts';
import type { BookingView } from '../../booking/views.ts';
import type { Letter } from '../transport.ts';
import { bookingFacts } from './booking-facts.ts';
import { button, facts, factsInText, html, layout, paragraph } from './layout.ts';

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
  const pictures = await Promise.all(
    tickets.map(async (ticket, n) => ({
      cid: `ticket-${n + 1}@fullhouse`,
      filename: `ticket-${n + 1}.png`,
      // Black on white with its quiet zone, also where the mail is shown dark: scanners want it so.
      png: await toBuffer(ticket.code, { type: 'png', errorCorrectionLevel: 'M', margin: 4, width: 264 })
    }))
  );
  const title = many ? 'Your tickets are here' : 'Your ticket is here';
  const body = html`${paragraph(html`Hello ${mail.name}, your booking for <strong>${eventTitle}</strong> is confirmed. Enjoy the show!`)}
  ${facts(rows)}
  ${tickets.map(
    (ticket, n) =>
      html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:0 0 16px">
        <tr>
          <td class="line" align="center" style="border:1px solid #ded7cc;border-radius:14px;padding:16px">
            <img
              src="cid:${pictures[n]?.cid ?? ''}"
              width="200"
              height="200"
              alt="QR code of your ticket for ${ticket.label}"
              style="display:block;background:#ffffff;border-radius:8px"
            />
            <p class="ink" style="margin:12px 0 0;font-weight:600;color:#1d1923">${ticket.label}</p>
            <p class="ink" style="margin:4px 0 0;font:16px monospace;color:#1d1923">
              ${groupShortCode(ticket.shortCode)}
            </p>
            <p class="soft" style="margin:4px 0 0;font:12px monospace;color:#5b5466;word-break:break-all">
              ${ticket.code}
            </p>
          </td>
        </tr>
      </table>`
  )}
  ${paragraph(html`Show ${many ? 'each code' : 'the code'} at the door, on paper or on your phone. ${many ? 'Each' : 'It'} lets one person in, once.`)}
  ${button(url, many ? 'See your tickets' : 'See your ticket')}`;
  const text = `${title}

Hello ${mail.name}, your booking for ${eventTitle} is confirmed. Enjoy the show!

${factsInText(rows)}

${tickets.map((ticket) => `Ticket for ${ticket.label}:\n${groupShortCode(ticket.shortCode)}\n${ticket.code}`).join('\n\n')}

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
    pictures
  };
}
