import * as m from '#domain/messages/compiled/mail.js';
import { showTime, clock, dayOf } from '#domain/time.ts';
import { seatsInWords } from '#domain/seat-words.ts';
import type { BookingView } from '../../booking/views.ts';
import type { ShowFacts } from '../../catalog/show-changes.ts';
import type { Letter } from '../transport.ts';
import { button, html, layout, paragraph, withStrong } from './layout.ts';

interface Difference {
  about: 'time' | 'doors' | 'place' | 'plan';
  what: string;
  was: string;
  is: string;
}

const when = ({ startsAt, venue }: ShowFacts) => showTime(startsAt, venue.timeZone);
const where = ({ venue }: ShowFacts) =>
  [venue.name, venue.address, venue.city].filter((part) => part !== '').join(', ');
const plan = ({ plan }: ShowFacts) => m.changed_plan({ plan: plan.name, number: plan.number });

/** The day is named only where it is not that of the show. */
function doors({ doorsAt, startsAt, venue }: ShowFacts): string {
  if (doorsAt === null) return m.changed_no_doors();
  const sameDay = dayOf(doorsAt, venue.timeZone) === dayOf(startsAt, venue.timeZone);
  return sameDay ? clock(doorsAt, venue.timeZone) : showTime(doorsAt, venue.timeZone);
}

/** What is different for somebody who goes there, in words. */
export function differencesOf(was: ShowFacts, becomes: ShowFacts): Difference[] {
  const words: [Difference['about'], string, (facts: ShowFacts) => string][] = [
    ['time', m.fact_when(), when],
    ['doors', m.fact_doors(), doors],
    ['place', m.fact_where(), where],
    ['plan', m.fact_plan(), plan]
  ];
  return words
    .map(([about, what, inWords]) => ({ about, what, was: inWords(was), is: inWords(becomes) }))
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
  const title = differences.some(({ about }) => about === 'time')
    ? m.changed_time_title()
    : differences.some(({ about }) => about === 'place')
      ? m.changed_place_title()
      : m.changed_title();
  const seats = seatsInWords(booking.lines);
  const stays = m.changed_stays({ seats });
  const until = booking.cancellableUntil;
  const leave =
    until !== null && new Date(until) > now
      ? m.changed_leave_until({ until: showTime(until, timeZone) })
      : m.changed_leave_ask();
  const says = (event: string) => m.hello_and({ name: mail.name, says: m.changed_says({ event }) });
  const cell = 'padding:8px 0 12px;border-bottom:1px solid #ded7cc';
  const body = html`${paragraph(withStrong(says, eventTitle))}
    <table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:0 0 16px">
      ${differences.map(
        ({ what, was, is }) =>
          html`<tr>
            <td class="line" style="${cell}">
              <p class="soft" style="margin:0;color:#5b5466">${what}</p>
              <p class="soft" style="margin:4px 0 0;color:#5b5466">${m.changed_was()} <s>${was}</s></p>
              <p class="ink" style="margin:4px 0 0;font-weight:600;color:#1d1923">${m.changed_is()} ${is}</p>
            </td>
          </tr>`
      )}
    </table>
    ${paragraph(html`${stays}`)} ${paragraph(html`${leave}`)} ${button(url, m.see_booking())}`;
  return {
    subject: m.changed_subject({ event: eventTitle }),
    html: layout({ preview: differences.map(({ what, is }) => `${what}: ${is}`).join(' · '), title, body }),
    text: `${title}

${says(eventTitle)}

${differences.map(({ what, was, is }) => `${what}\n  ${m.changed_was()}: ${was}\n  ${m.changed_is()}: ${is}`).join('\n')}

${stays}

${leave}

${m.your_booking()}: ${url}
`
  };
}
