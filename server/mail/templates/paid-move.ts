import { formatMoney } from '#domain/money.ts';
import { showTime } from '#domain/time.ts';
import type { PaidMoveView } from '../../booking/paid-move-views.ts';
import type { BookingView } from '../../booking/views.ts';
import type { Letter } from '../transport.ts';
import { bookingFacts } from './booking-facts.ts';
import { button, facts, factsInText, html, layout, paragraph } from './layout.ts';

interface AboutMove {
  name: string;
  booking: BookingView;
  move: PaidMoveView;
  origin: string;
}
const named = (seats: PaidMoveView['to']) => seats.map(({ label }) => label).join('; ');

/** The organizer offers other seats, which wait until the difference is paid. */
export function movePaymentLetter({ name, booking, move, origin }: AboutMove): Letter {
  const { eventTitle, timeZone } = booking.show;
  const url = `${origin}/bookings/${booking.id}`;
  const rows = bookingFacts(booking);
  const sum = formatMoney({ amount: move.difference, currency: move.currency });
  const title = move.to.length === 1 ? 'Another seat for you' : 'Other seats for you';
  const offer = `the organizer offers you ${named(move.to)} for ${eventTitle}, in the place of ${named(move.from)}. They cost ${sum} more.`;
  const next = `If you want them, pay the difference until ${showTime(move.expiresAt, timeZone)}: they are kept for you until then. If you do not, your booking stays as it is, and so do your tickets.`;
  const body = html`${paragraph(html`Hello ${name}, ${offer}`)} ${paragraph(html`${next}`)} ${facts(rows)}
  ${button(url, `Pay ${sum}`)}`;
  return {
    subject: `${title}: ${eventTitle}`,
    html: layout({ preview: offer, title, body }),
    text: `${title}

Hello ${name}, ${offer}

${next}

${factsInText(rows)}

Pay ${sum}: ${url}
`
  };
}

/** The difference was paid, and the new seats could not be had any more. */
export function moveRefundedLetter({ name, booking, move, origin }: AboutMove): Letter {
  const { eventTitle } = booking.show;
  const url = `${origin}/bookings/${booking.id}`;
  const rows = bookingFacts(booking);
  const sum = formatMoney({ amount: move.difference, currency: move.currency });
  const title = 'Your seats could not be changed';
  const sorry = `you have paid ${sum} for ${named(move.to)} (${eventTitle}), but your payment came when they could not be given to you any more. We are sorry. You get all of the ${sum} back, the way you paid. Banks take up to ten days to show it.`;
  const stays = booking.status === 'CONFIRMED' ? 'Your booking is as it was before, and your tickets are valid.' : '';
  const body = html`${paragraph(html`Hello ${name}, ${sorry}`)} ${stays === '' ? '' : paragraph(html`${stays}`)}
  ${facts(rows)} ${button(url, 'See your booking')}`;
  return {
    subject: `${title}: ${eventTitle}`,
    html: layout({ preview: `You get ${sum} back.`, title, body }),
    text: `${title}

Hello ${name}, ${sorry}
${stays === '' ? '' : `\n${stays}\n`}
${factsInText(rows)}

Your booking: ${url}
`
  };
}
