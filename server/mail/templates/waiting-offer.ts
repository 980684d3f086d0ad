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
  const one = offer.seats.length === 1;
  const until = endOf(offer.endsAt, show.timeZone);
  const rows = [
    ['Event', show.eventTitle],
    ['When', showTime(show.startsAt, show.timeZone)],
    ['Where', [show.venueName, show.city].filter((part) => part !== '').join(', ')],
    [one ? 'Seat' : 'Seats', offer.seats.join('; ')],
    ['Held until', until]
  ] as const;
  const title = one ? 'A seat for you' : `${offer.seats.length} seats for you`;
  const says = `you are next on the waiting list, and ${one ? 'this seat is' : 'these seats are'} held for you until ${until}. Pay by then, and ${one ? 'it is' : 'they are'} yours; after that ${one ? 'it goes' : 'they go'} to the next.`;
  const decline = `If you do not want ${one ? 'it' : 'them'} any more, say so, and somebody else can go:`;
  const body = html`${paragraph(html`Hello ${name}, ${says}`)} ${facts(rows)}
  ${button(acceptUrl, one ? 'Take the seat' : 'Take the seats')}
  ${paragraph(html`${decline} <a class="accent" style="color:#8a1f34" href="${declineUrl}">decline</a>.`)}`;
  return {
    subject: `${title}: ${show.eventTitle}, until ${until}`,
    html: layout({
      preview: `Held for you until ${until}.`,
      title,
      body,
      why: 'You get this mail because you are on a waiting list.'
    }),
    text: `${title}

Hello ${name}, ${says}

${factsInText(rows)}

Take ${one ? 'it' : 'them'}: ${acceptUrl}

${decline} ${declineUrl}
`
  };
}
