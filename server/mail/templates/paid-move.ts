import * as m from '#domain/messages/compiled/mail.js';
import { formatMoney } from '#domain/money.ts';
import { showTime } from '#domain/time.ts';
import { seatsInWords } from '#domain/seat-words.ts';
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

/** The organizer offers other seats, which wait until the difference is paid. */
export function movePaymentLetter({ name, booking, move, origin }: AboutMove): Letter {
  const { eventTitle, timeZone } = booking.show;
  const url = `${origin}/bookings/${booking.id}`;
  const rows = bookingFacts(booking);
  const sum = formatMoney({ amount: move.difference, currency: move.currency });
  const title = m.other_seats_title({ count: move.to.length });
  const offer = m.other_seats_offer({
    to: seatsInWords(move.to),
    event: eventTitle,
    from: seatsInWords(move.from),
    sum
  });
  const hello = m.hello_and({ name, says: offer });
  const pay = m.pay_sum({ sum });
  const next = m.other_seats_next({ until: showTime(move.expiresAt, timeZone) });
  const body = html`${paragraph(html`${hello}`)} ${paragraph(html`${next}`)} ${facts(rows)} ${button(url, pay)}`;
  return {
    subject: `${title}: ${eventTitle}`,
    html: layout({ preview: offer, title, body }),
    text: `${title}

${hello}

${next}

${factsInText(rows)}

${pay}: ${url}
`
  };
}

/** The difference was paid, and the new seats could not be had any more. */
export function moveRefundedLetter({ name, booking, move, origin }: AboutMove): Letter {
  const { eventTitle } = booking.show;
  const url = `${origin}/bookings/${booking.id}`;
  const rows = bookingFacts(booking);
  const sum = formatMoney({ amount: move.difference, currency: move.currency });
  const title = m.not_moved_title();
  const hello = m.hello_and({ name, says: m.not_moved({ sum, to: seatsInWords(move.to), event: eventTitle }) });
  const stays = booking.status === 'CONFIRMED' ? m.not_moved_stays() : '';
  const body = html`${paragraph(html`${hello}`)} ${stays === '' ? '' : paragraph(html`${stays}`)} ${facts(rows)}
  ${button(url, m.see_booking())}`;
  return {
    subject: `${title}: ${eventTitle}`,
    html: layout({ preview: m.sum_back({ sum }), title, body }),
    text: `${title}

${hello}
${stays === '' ? '' : `\n${stays}\n`}
${factsInText(rows)}

${m.your_booking()}: ${url}
`
  };
}
