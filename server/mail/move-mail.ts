import { readPaidMove } from '../booking/paid-move-views.ts';
import type { BookingView } from '../booking/views.ts';
import type { Database } from '../db/database.ts';
import { movePaymentLetter, moveRefundedLetter } from './templates/paid-move.ts';
import type { Letter } from './transport.ts';

/** Mails about a move to dearer seats before it is done; `moved` says that it is. */
export function createMoveMail(parts: {
  db: Database;
  origin: string;
  write: (
    dedupeKey: string,
    bookingId: string,
    letterFor: (name: string, booking: BookingView) => Promise<Letter | null>
  ) => Promise<void>;
}) {
  const { db, origin, write } = parts;
  const read = async (bookingId: string, moveId: string) => {
    const move = await readPaidMove(db, bookingId, moveId);
    if (!move) throw new Error(`there is no move ${moveId} of booking ${bookingId}`);
    return move;
  };
  return {
    movePayment: (bookingId: string, moveId: string) =>
      write(`move-payment:${bookingId}:${moveId}`, bookingId, async (name, booking) => {
        const move = await read(bookingId, moveId);
        // Paid for or given up before the mail was written.
        return move.status === 'PENDING' ? movePaymentLetter({ name, booking, move, origin }) : null;
      }),
    moveRefunded: (bookingId: string, moveId: string) =>
      write(`move-refunded:${bookingId}:${moveId}`, bookingId, async (name, booking) =>
        moveRefundedLetter({ name, booking, move: await read(bookingId, moveId), origin })
      )
  };
}
