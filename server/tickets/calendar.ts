import { createEvents, type DateArray } from 'ics';
import { currentLanguage } from '#domain/language.ts';
import * as m from '#domain/messages/compiled/ticket.js';
import { groupShortCode } from '#domain/short-code.ts';
import { clock, timeInWords, zoneInWords } from '#domain/time.ts';
import { seatInWords } from '#domain/seat-words.ts';
import { cleanText } from '../mail/addresses.ts';
import type { Printed } from './printed.ts';

/** What is assumed of an event that does not say how long it is. */
const USUAL_MIN = 120;

/**
 * The booking as a calendar entry (RFC 5545). Its UID is the booking's own for ever and its SEQUENCE goes up with every
 * change of the show, so a calendar that has it already moves it. One that is cancelled takes it away again.
 */
export function calendarOf(booking: Printed, origin: string): string {
  const gone = booking.status !== 'CONFIRMED' && booking.status !== 'PENDING';
  const start = utc(booking.startsAt);
  const url = `${origin}/bookings/${booking.id}`;
  const lines = [
    timeInWords(booking.startsAt, booking.timeZone),
    booking.doorsAt &&
      m.calendar_doors({ time: clock(booking.doorsAt, booking.timeZone), zone: zoneInWords(booking.timeZone) }),
    m.calendar_seats({ count: booking.seats.length, seats: booking.seats.map((seat) => seatInWords(seat)).join('; ') }),
    ...booking.tickets.map(({ label, shortCode }) =>
      m.calendar_code({ seat: seatInWords(label), code: groupShortCode(shortCode) })
    ),
    gone ? m.calendar_gone() : m.calendar_tickets({ url })
  ];
  const { value, error } = createEvents(
    [
      {
        uid: `${booking.id}@${new URL(origin).hostname}`,
        sequence: booking.showVersion + (gone ? 1 : 0),
        title: cleanText(booking.title),
        description: lines.filter((line) => line !== null).join('\n'),
        location: cleanText([booking.venue, booking.address, booking.city].filter((part) => part !== '').join(', ')),
        url,
        ...{ start, startInputType: 'utc', startOutputType: 'utc' },
        duration: { minutes: booking.durationMin ?? USUAL_MIN },
        status: gone ? 'CANCELLED' : booking.status === 'PENDING' ? 'TENTATIVE' : 'CONFIRMED',
        busyStatus: gone ? 'FREE' : 'BUSY'
      }
    ],
    { productId: `-//Fullhouse//Tickets//${currentLanguage().toUpperCase()}`, method: gone ? 'CANCEL' : 'PUBLISH' }
  );
  if (value === null) throw new Error('could not write a calendar', { cause: error });
  return value;
}

const utc = (at: Date): DateArray => [
  at.getUTCFullYear(),
  at.getUTCMonth() + 1,
  at.getUTCDate(),
  at.getUTCHours(),
  at.getUTCMinutes()
];
