import { clock } from '#domain/time.ts';
import type { BookingView } from '../../booking/views.ts';
import type { Letter } from '../transport.ts';
import { bookingFacts } from './booking-facts.ts';
import { button, facts, factsInText, html, layout, paragraph } from './layout.ts';

/** The day before; or, where the worker was away, the same day. */
export function reminderLetter(mail: {
  name: string;
  booking: BookingView;
  doorsAt: string | null;
  day: 'Tomorrow' | 'Today';
  origin: string;
}): Letter {
  const { booking, day, doorsAt } = mail;
  const { eventTitle, startsAt, timeZone } = booking.show;
  const url = `${mail.origin}/bookings/${booking.id}`;
  const starts = clock(startsAt, timeZone);
  const title = `${day} at ${starts}`;
  const rows = bookingFacts(booking).flatMap((row) =>
    row[0] === 'When' && doorsAt !== null ? [row, ['Doors open', clock(doorsAt, timeZone)] as const] : [row]
  );
  const many = booking.lines.length > 1;
  const bring = `Bring your ${many ? 'tickets, on paper or on your phone: each code' : 'ticket, on paper or on your phone: its code'} lets one person in.`;
  const body = html`${paragraph(html`Hello ${mail.name}, ${day.toLowerCase()} is <strong>${eventTitle}</strong>.`)}
  ${facts(rows)} ${paragraph(html`${bring}`)} ${button(url, many ? 'See your tickets' : 'See your ticket')}`;
  return {
    subject: `${day} at ${starts}: ${eventTitle}`,
    html: layout({
      preview: `${booking.show.venueName} · ${booking.lines.map(({ label }) => label).join('; ')}`,
      title,
      body
    }),
    text: `${title}

Hello ${mail.name}, ${day.toLowerCase()} is ${eventTitle}.

${factsInText(rows)}

${bring}

Your ${many ? 'tickets' : 'ticket'}: ${url}
`
  };
}
