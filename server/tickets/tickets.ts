import type { Readable } from 'node:stream';
import { uuid } from '#domain/ids.ts';
import { currentLanguage, languageOf } from '#domain/language.ts';
import { notFound } from '#domain/not-found.ts';
import { refuse, type Refusal } from '#domain/refusal.ts';
import type { Config } from '../config.ts';
import type { Database } from '../db/database.ts';
import { speak } from '../language.ts';
import { readPrinted, type Printed, type Reader } from './printed.ts';
import { createTicketCodes, type TicketCodes } from './ticket-code.ts';

/** Tickets as files. Everything refuses NOT_FOUND for a booking that is not the reader's. */
export interface Tickets {
  codes: TicketCodes;
  /** One page a ticket, written while it is read. Refuses NOT_FOUND too while there are none. */
  pdf(bookingId: string, of: Reader): Promise<{ stream: Readable; tickets: number } | Refusal>;
  /** The booking as an .ics file. */
  calendar(bookingId: string, of: Reader): Promise<string | Refusal>;
}

export function createTickets({ db, config }: { db: Database; config: Pick<Config, 'secret' | 'origin'> }): Tickets {
  const codes = createTicketCodes([config.secret]);
  const read = async (id: string, of: Reader): Promise<Printed | null> =>
    uuid.safeParse(id).success ? readPrinted(db, id, of) : null;

  /** Whoever asks for their own is answered as they are spoken to; for others it is as it was bought. */
  const spokenIn = (booking: Printed, of: Reader) =>
    typeof of === 'object' && 'user' in of ? currentLanguage() : languageOf(booking.language);

  return {
    codes,

    async pdf(bookingId, of) {
      const booking = await read(bookingId, of);
      if (!booking) return notFound('booking');
      if (booking.tickets.length === 0) return refuse('NOT_FOUND', 'This booking has no tickets.');
      // What draws them is loaded with the first: most processes draw none.
      const { ticketsPdf } = await import('./pdf.ts');
      const stream = speak(spokenIn(booking, of), () => ticketsPdf(booking, codes));
      return { stream, tickets: booking.tickets.length };
    },

    async calendar(bookingId, of) {
      const booking = await read(bookingId, of);
      if (!booking) return notFound('booking');
      const { calendarOf } = await import('./calendar.ts');
      return speak(spokenIn(booking, of), () => calendarOf(booking, config.origin));
    }
  };
}
