import { showTime, clock, dayOf } from '#domain/time.ts';
import type { BookingView } from '../../booking/views.ts';
import type { ShowFacts } from '../../catalog/show-changes.ts';
import type { Letter } from '../transport.ts';
import { button, html, layout, paragraph } from './layout.ts';

interface Difference {
  what: string;
  was: string;
  is: string;
}

const when = ({ startsAt, venue }: ShowFacts) => showTime(startsAt, venue.timeZone);
const where = ({ venue }: ShowFacts) =>
  [venue.name, venue.address, venue.city].filter((part) => part !== '').join(', ');
const plan = ({ plan }: ShowFacts) => `${plan.name}, version ${plan.number}`;

/** The day is named only where it is not that of the show. */
function doors({ doorsAt, startsAt, venue }: ShowFacts): string {
  if (doorsAt === null) return 'not said';
  const sameDay = dayOf(doorsAt, venue.timeZone) === dayOf(startsAt, venue.timeZone);
  return sameDay ? clock(doorsAt, venue.timeZone) : showTime(doorsAt, venue.timeZone);
}

/** What is different for somebody who goes there, in words. */
export function differencesOf(was: ShowFacts, becomes: ShowFacts): Difference[] {
  const words: [string, (facts: ShowFacts) => string][] = [
    ['When', when],
    ['Doors open', doors],
    ['Where', where],
    ['Seating plan', plan]
  ];
  return words
    .map(([what, inWords]) => ({ what, was: inWords(was), is: inWords(becomes) }))
    .filter((each) => each.was !== each.is);
}

/** The show is not what it was when it was booked: each thing as it was and as it is. */
export function showChangedLetter(mail: {
  name: string;
  booking: BookingView;
  differences: readonly Difference[];
  origin: string;
  now?: Date;
}): Letter {
  const { booking, differences, now = new Date() } = mail;
  const { eventTitle, timeZone } = booking.show;
  const url = `${mail.origin}/bookings/${booking.id}`;
  const title = differences.some(({ what }) => what === 'When')
    ? 'Your show has another time'
    : differences.some(({ what }) => what === 'Where')
      ? 'Your show has another address'
      : 'Your show has changed';
  const seats = booking.lines.map(({ label }) => label).join('; ');
  const stays = `Your booking stays as it is: ${seats}. Your tickets are valid; there is nothing you have to do.`;
  const until = booking.cancellableUntil;
  const leave =
    until !== null && new Date(until) > now
      ? `If you cannot come, you can cancel until ${showTime(until, timeZone)} and get your money back.`
      : 'If you cannot come, please ask the organizer.';
  const cell = 'padding:8px 0 12px;border-bottom:1px solid #ded7cc';
  const body = html`${paragraph(html`Hello ${mail.name}, the organizer has changed <strong>${eventTitle}</strong>.`)}
    <table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:0 0 16px">
      ${differences.map(
        ({ what, was, is }) =>
          html`<tr>
            <td class="line" style="${cell}">
              <p class="soft" style="margin:0;color:#5b5466">${what}</p>
              <p class="soft" style="margin:4px 0 0;color:#5b5466">was <s>${was}</s></p>
              <p class="ink" style="margin:4px 0 0;font-weight:600;color:#1d1923">is now ${is}</p>
            </td>
          </tr>`
      )}
    </table>
    ${paragraph(html`${stays}`)} ${paragraph(html`${leave}`)} ${button(url, 'See your booking')}`;
  return {
    subject: `Changed: ${eventTitle}`,
    html: layout({ preview: differences.map(({ what, is }) => `${what}: ${is}`).join(' · '), title, body }),
    text: `${title}

Hello ${mail.name}, the organizer has changed ${eventTitle}.

${differences.map(({ what, was, is }) => `${what}\n  was: ${was}\n  is now: ${is}`).join('\n')}

${stays}

${leave}

Your booking: ${url}
`
  };
}
