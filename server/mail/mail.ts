import { buffer } from 'node:stream/consumers';
import type { UserId } from '#domain/ids.ts';
import { languageOf } from '#domain/language.ts';
import { isRefusal } from '#domain/refusal.ts';
import type { BookingView } from '../booking/views.ts';
import { readTickets } from '../booking/ticket-views.ts';
import { readBooking, readPayment } from '../booking/views.ts';
import { readRefund, readRefunds, type RefundView } from '../booking/refund-views.ts';
import { createTickets } from '../tickets/tickets.ts';
import type { Config } from '../config.ts';
import type { Database } from '../db/database.ts';
import { speak } from '../language.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { createWebhookMail } from './webhook-mail.ts';
import { createAccountMail, type AccountMail } from './account-mail.ts';
import { cleanText, recipientOf } from './addresses.ts';
import { createReportMail } from './report-mail.ts';
import { createSamples, type Samples } from './samples.ts';
import { createMoveMail } from './move-mail.ts';
import { createShowMail, type ShowMail } from './show-mail.ts';
import { cancelledLetter } from './templates/cancelled.ts';
import { confirmationLetter } from './templates/confirmation.ts';
import { movedLetter } from './templates/moved.ts';
import { paymentFailedLetter } from './templates/payment-failed.ts';
import { refundDueLetter } from './templates/refund-due.ts';
import { seatsRefundedLetter } from './templates/seats-refunded.ts';
import { createWaitingMail } from './waiting-mail.ts';
import { createMailTransport, type Letter } from './transport.ts';

/**
 * The mails about a booking, a show and an account. Each goes out once, however often it is asked for; each call throws
 * while the mail server is away, so that its job tries again.
 */
export interface Mail extends ShowMail {
  /** The tickets, once the booking is confirmed. */
  confirmation(bookingId: string): Promise<void>;
  /** The same, asked for on the desk: `againId` makes it a mail of its own. */
  confirmationAgain(bookingId: string, againId: string): Promise<void>;
  paymentFailed(paymentId: string): Promise<void>;
  refundDue(bookingId: string): Promise<void>;
  readonly account: AccountMail;
  /** The booking was given back, or its show is cancelled. */
  cancelled(bookingId: string): Promise<void>;
  /** Some of its seats were given back. */
  refund(refundId: string): Promise<void>;
  /** Other seats are offered that cost more: where to pay. */
  movePayment(bookingId: string, moveId: string): Promise<void>;
  /** They were paid for when they were gone. */
  moveRefunded(bookingId: string, moveId: string): Promise<void>;
  /** It has other seats now, and new tickets for them. */
  moved(bookingId: string, moveId: string): Promise<void>;
  /** What an organizer sold in the month that begins with this day. */
  monthlyReport(organizer: UserId, month: string): Promise<void>;
  /** Each of them with invented contents, to look at. */
  readonly samples: Samples;
  /** A webhook was switched off because it failed for so long: its owner is told. */
  webhookDisabled(endpointId: string, offId: string): Promise<void>;
  /** Seats are held for somebody on the waiting list. */
  waitingOffer(wishId: string): Promise<void>;
  close(): Promise<void>;
}

/** More tickets than this are not attached: mail servers refuse what is large. */
const PRINTED_AT_MOST = 20;
/** A mail whose sender died is taken over by another after this long (ms): it is to be there within a minute. */
const RESEND_AFTER_MS = 45_000;

export function createMail(
  parts: { db: Database; config: Config; metrics?: Metrics; log: Logger },
  { resendAfterMs = RESEND_AFTER_MS }: { resendAfterMs?: number } = {}
): Mail {
  const { db, config } = parts;
  const log = parts.log.child({ part: 'mail' });
  const tickets = createTickets({ db, config });
  const transport = createMailTransport({
    ...{ db, log, resendAfterMs, metrics: parts.metrics },
    smtpUrl: config.smtpUrl,
    from: config.mailFrom
  });

  /**
   * Reads everything anew and writes to the person who booked, in the language they booked in: what the job carries is only
   * which booking it is.
   */
  async function write(
    dedupeKey: string,
    bookingId: string,
    /** Null: what there was to say is not so any more. */
    letterFor: (name: string, booking: BookingView) => Letter | null | Promise<Letter | null>
  ): Promise<void> {
    if (await transport.isDone(dedupeKey)) return;
    const found = await db.query<{ name: string; email: string; language: string | null }>(
      `select u.name, u.email, coalesce(b.language, u.language) as language
         from booking b join app_user u on u.id = b.user_id where b.id = $1`,
      [bookingId]
    );
    const [user] = found.rows;
    const booking = await readBooking(db, bookingId, null);
    if (!user || !booking) throw new Error(`there is no booking ${bookingId}`);
    const to = recipientOf(user.name, user.email);
    if (!to) {
      log.error({ bookingId }, 'a booking’s user has no usable mail address');
      await transport.giveUp(dedupeKey, user.email, 'The account has no usable mail address.');
      return;
    }
    await transport.send({
      ...{ dedupeKey, to },
      letter: () =>
        speak(languageOf(user.language), async () => {
          const letter = await letterFor(cleanText(user.name), booking);
          return letter && { ...letter, subject: cleanText(letter.subject) };
        })
    });
  }

  /** The tickets to print; of many, the link in the mail is enough. */
  async function ticketFiles(bookingId: string, count: number): Promise<NonNullable<Letter['files']>> {
    if (count > PRINTED_AT_MOST) return [];
    const pdf = await tickets.pdf(bookingId, 'anybody');
    if (isRefusal(pdf)) return [];
    return [{ filename: 'tickets.pdf', contentType: 'application/pdf', content: await buffer(pdf.stream) }];
  }

  const { origin } = config;

  async function ticketLetter(name: string, booking: BookingView): Promise<Letter | null> {
    // Given back before the mail was written: the mail about that says it all.
    if (booking.status !== 'CONFIRMED') return null;
    const valid = await readTickets(db, booking.id, tickets.codes);
    if (valid.length === 0) throw new Error(`booking ${booking.id} has no tickets to send`);
    const letter = await confirmationLetter({ name, booking, tickets: valid, origin });
    return { ...letter, files: await ticketFiles(booking.id, valid.length) };
  }

  /** By the names that the seats have in the plan of that day: a later one may number them otherwise. */
  const readMove = (moveId: string) =>
    db.query<{ from: string[]; to: string[]; refund: number; paid: number; own: boolean }>(
      `select array(select p.label from unnest(m.from_seats) with ordinality as w (seat, n)
                      join plan_seat p on p.plan_id = m.plan_id and p.seat_index = w.seat order by w.n) as from,
              array(select p.label from unnest(m.to_seats) with ordinality as w (seat, n)
                      join plan_seat p on p.plan_id = m.plan_id and p.seat_index = w.seat order by w.n) as to,
              (select coalesce(sum(amount), 0)::bigint from refund where move_id = m.id) as refund, m.paid,
              m.moved_by = b.user_id as own
         from booking_move m join booking b on b.id = m.booking_id where m.id = $1`,
      [moveId]
    );

  async function movedFrom(moveId: string, name: string, booking: BookingView): Promise<Letter | null> {
    const [move] = (await readMove(moveId)).rows;
    // Given back before the mail was written: the mail about that says it all.
    if (!move || booking.status !== 'CONFIRMED') return null;
    const valid = await readTickets(db, booking.id, tickets.codes);
    const letter = await movedLetter({ ...move, name, booking, tickets: valid, origin });
    return { ...letter, files: await ticketFiles(booking.id, valid.length) };
  }

  return {
    ...createShowMail({ db, origin, write }),
    confirmation: (bookingId) => write(`confirmation:${bookingId}`, bookingId, ticketLetter),
    confirmationAgain: (bookingId, againId) =>
      write(`confirmation-again:${bookingId}:${againId}`, bookingId, ticketLetter),
    moved: (bookingId, moveId) =>
      write(`moved:${bookingId}:${moveId}`, bookingId, (name, booking) => movedFrom(moveId, name, booking)),
    ...createMoveMail({ db, origin, write }),
    monthlyReport: createReportMail({ db, origin, transport }),
    samples: createSamples(origin),

    async paymentFailed(paymentId) {
      const found = await readPayment(db, paymentId);
      if (!found) throw new Error(`there is no payment ${paymentId}`);
      await write(`payment-failed:${paymentId}`, found.bookingId, (name, booking) =>
        paymentFailedLetter({ name, booking, origin, move: found.moveId !== null })
      );
    },

    refundDue: (bookingId) =>
      write(`refund-due:${bookingId}`, bookingId, (name, booking) => refundDueLetter({ name, booking, origin })),

    account: createAccountMail({ db, config, log, transport }),
    webhookDisabled: createWebhookMail({ db, origin, log, transport }),
    waitingOffer: createWaitingMail({ db, config, log, transport }),
    cancelled: (bookingId) =>
      write(`cancelled:${bookingId}`, bookingId, async (name, booking) => {
        const found = await db.query<{ own: boolean; reason: string }>(
          'select cancelled_by is not distinct from user_id as own, cancel_reason as reason from booking where id = $1',
          [bookingId]
        );
        const { own = false, reason = '' } = found.rows[0] ?? {};
        const refund = summed((await readRefunds(db, bookingId)).filter(({ seats }) => seats === null));
        return cancelledLetter({ name, booking, refund, own, reason, origin });
      }),

    async refund(refundId) {
      const first = await readRefund(db, refundId);
      if (!first) throw new Error(`there is no refund ${refundId}`);
      const parts = (await readRefunds(db, first.bookingId)).filter(({ partOf }) => partOf === refundId);
      const refund = { ...first, amount: [first, ...parts].reduce((sum, { amount }) => sum + amount, 0) };
      await write(`refund:${refundId}`, refund.bookingId, (name, booking) =>
        seatsRefundedLetter({ name, booking, refund, origin })
      );
    },

    close: () => transport.close()
  };
}

/** All that goes back at once, whichever payments it was paid by. */
const summed = ([first, ...parts]: readonly RefundView[]): RefundView | null =>
  first ? { ...first, amount: parts.reduce((sum, { amount }) => sum + amount, first.amount) } : null;
