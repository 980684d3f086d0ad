import * as m from '#domain/messages/compiled/mail.js';
import { clock } from '#domain/time.ts';
import { seatsInWords } from '#domain/seat-words.ts';
import type { BookingView } from '../../booking/views.ts';
import type { Letter } from '../transport.ts';
import { bookingFacts } from './booking-facts.ts';
import { button, facts, factsInText, html, layout, paragraph, withStrong } from './layout.ts';

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
  const time = clock(startsAt, timeZone);
  const tomorrow = day === 'Tomorrow';
  const title = tomorrow ? m.reminder_tomorrow({ time }) : m.reminder_today({ time });
  const says = (event: string) =>
    m.hello_and({
      name: mail.name,
      says: tomorrow ? m.reminder_says_tomorrow({ event }) : m.reminder_says_today({ event })
    });
  const rows = bookingFacts(booking).flatMap((row) =>
    row[0] === m.fact_when() && doorsAt !== null ? [row, [m.fact_doors(), clock(doorsAt, timeZone)] as const] : [row]
  );
  const count = booking.lines.length;
  const bring = m.reminder_bring({ count });
  const body = html`${paragraph(withStrong(says, eventTitle))} ${facts(rows)} ${paragraph(html`${bring}`)}
  ${button(url, m.see_tickets({ count }))}`;
  return {
    subject: `${title}: ${eventTitle}`,
    html: layout({
      preview: `${booking.show.venueName} · ${seatsInWords(booking.lines)}`,
      title,
      body
    }),
    text: `${title}

${says(eventTitle)}

${factsInText(rows)}

${bring}

${m.your_tickets({ count })}: ${url}
`
  };
}
