import * as m from '#domain/messages/compiled/mail.js';
import { clock, dayOf, showTime, zoneInWords } from '#domain/time.ts';
import type { WaitingWish } from '#domain/waiting.ts';
import type { Letter } from '../transport.ts';
import { button, facts, factsInText, html, layout, paragraph } from './layout.ts';

/** `21:40 (Berlin time)`, with the day when it is another one than today. */
export function endOf(endsAt: string, timeZone: string, now = new Date()): string {
  if (dayOf(endsAt, timeZone) !== dayOf(now, timeZone)) return showTime(endsAt, timeZone);
  return `${clock(endsAt, timeZone)} (${zoneInWords(timeZone)})`;
}

/** Seats have become free and are held for somebody on the waiting list. */
export function waitingOfferLetter(mail: {
  name: string;
  wish: WaitingWish;
  offer: NonNullable<WaitingWish['offer']>;
  acceptUrl: string;
  declineUrl: string;
}): Letter {
  const { name, wish, offer, acceptUrl, declineUrl } = mail;
  const { show } = wish;
  const count = offer.seats.length;
  const until = endOf(offer.endsAt, show.timeZone);
  const rows = [
    [m.fact_event(), show.eventTitle],
    [m.fact_when(), showTime(show.startsAt, show.timeZone)],
    [m.fact_where(), [show.venueName, show.city].filter((part) => part !== '').join(', ')],
    [m.fact_seats({ count }), offer.seats.join('; ')],
    [m.fact_held_until(), until]
  ] as const;
  const title = m.offer_title({ count });
  const hello = m.hello_and({ name, says: m.offer_says({ count, until }) });
  const decline = m.offer_leave({ count });
  const body = html`${paragraph(html`${hello}`)} ${facts(rows)} ${button(acceptUrl, m.offer_take_seats({ count }))}
  ${paragraph(html`${decline} <a class="accent" style="color:#8a1f34" href="${declineUrl}">${m.offer_decline()}</a>.`)}`;
  return {
    subject: m.offer_subject({ title, event: show.eventTitle, until }),
    html: layout({
      preview: m.offer_preview({ until }),
      title,
      body,
      why: m.why_waiting()
    }),
    text: `${title}

${hello}

${factsInText(rows)}

${m.offer_take({ count })}: ${acceptUrl}

${decline} ${declineUrl}
`
  };
}
