import { outboxKinds, type OutboxKind, type OutboxPayload } from '../booking/outbox.ts';
import { cancelBookings } from './cancel-bookings.ts';
import { expireBookings, expireOneBooking, expireOneMove } from './expire-bookings.ts';
import type { JobParts } from './parts.ts';
import { remind } from './remind.ts';
import { reportMonths } from './report-months.ts';
import { syncShow } from './sync-show.ts';
import { syncSeats } from '../booking/sync-seats.ts';
import { tellShowChanged } from './tell-show-changed.ts';
import { tidy } from './tidy.ts';

/** Which queue a kind of work goes to: seats must not wait for a mail server, nor mails for receivers of webhooks. */
export const QUEUES = ['bookings', 'mails', 'webhooks'] as const;
export type QueueName = (typeof QUEUES)[number];
export const queueOf = (kind: OutboxKind): QueueName =>
  kind.startsWith('mail.') ? 'mails' : kind.startsWith('webhook.') ? 'webhooks' : 'bookings';

const handlers: { [K in OutboxKind]: (parts: JobParts, payload: OutboxPayload<K>) => Promise<void> } = {
  'booking.expire': (parts, { bookingId }) => expireOneBooking(parts, bookingId),
  'move.expire': (parts, { moveId }) => expireOneMove(parts, moveId),
  'seats.sync': (parts, { bookingId }) => syncSeats(parts, bookingId),
  'show.sync': (parts, payload) => syncShow(parts, payload),
  'mail.confirmation': ({ mail }, { bookingId }) => mail.confirmation(bookingId),
  'mail.payment-failed': ({ mail }, { paymentId }) => mail.paymentFailed(paymentId),
  'mail.refund-due': ({ mail }, { bookingId }) => mail.refundDue(bookingId),
  'mail.password-reset': ({ mail }, { linkId }) => mail.account.passwordReset(linkId),
  'mail.password-changed': ({ mail }, { userId, changeId }) => mail.account.passwordChanged(userId, changeId),
  'mail.email-confirm': ({ mail }, { linkId }) => mail.account.emailConfirm(linkId),
  'mail.email-changed': ({ mail }, { linkId }) => mail.account.emailChanged(linkId),
  'mail.cancelled': ({ mail }, { bookingId }) => mail.cancelled(bookingId),
  'mail.refund': ({ mail }, { refundId }) => mail.refund(refundId),
  'mail.moved': ({ mail }, { bookingId, moveId }) => mail.moved(bookingId, moveId),
  'mail.move-payment': ({ mail }, { bookingId, moveId }) => mail.movePayment(bookingId, moveId),
  'mail.move-refunded': ({ mail }, { bookingId, moveId }) => mail.moveRefunded(bookingId, moveId),
  'mail.show-changed': ({ mail }, { bookingId, changeId }) => mail.showChanged(bookingId, changeId),
  'mail.reminder': ({ mail }, { bookingId }) => mail.reminder(bookingId),
  'mail.monthly-report': ({ mail }, { organizerId, month }) => mail.monthlyReport(organizerId, month),
  'mail.confirmation-again': ({ mail }, { bookingId, againId }) => mail.confirmationAgain(bookingId, againId),
  'show.changed': (parts, { changeId }) => tellShowChanged(parts, changeId),
  'mail.waiting-offer': ({ mail }, { wishId }) => mail.waitingOffer(wishId),
  'refund.send': ({ payments }, { refundId }) => payments.sendRefund(refundId),
  'show.cancel': (parts, { showId }) => cancelBookings(parts, showId),
  'webhook.event': ({ webhooks }, event) => webhooks.fanOut(event),
  'webhook.deliver': ({ webhooks }, payload) => webhooks.deliver(payload),
  'mail.webhook-disabled': ({ mail }, { endpointId, offId }) => mail.webhookDisabled(endpointId, offId),
  'sandbox.late': ({ payments }, { paymentId }) => payments.sandboxLate(paymentId)
};

/** Does one piece of work of the outbox. Throws when it has to be tried again. */
export async function work(parts: JobParts, kind: OutboxKind, payload: unknown): Promise<void> {
  const schema: { parse(value: unknown): unknown } = outboxKinds[kind];
  const handler = handlers[kind] as (parts: JobParts, payload: unknown) => Promise<void>;
  // Handler and schema belong to the same kind, so the schema has checked just what this handler takes.
  await handler(parts, schema.parse(payload));
}

export interface Schedule {
  name: string;
  everyMs: number;
  run: (parts: JobParts) => Promise<unknown>;
}

async function pollGateways({ payments }: JobParts): Promise<void> {
  await payments.pollPending();
  await payments.pollRefunds();
}

/** What runs by the clock: each once an interval, however many workers there are, and beside the others. */
export const schedules: readonly Schedule[] = [
  { name: 'expire-bookings', everyMs: 3000, run: expireBookings },
  { name: 'serve-waiting', everyMs: 2000, run: ({ waiting }) => waiting.serveAll() },
  { name: 'poll-payments', everyMs: 15_000, run: pollGateways },
  { name: 'reconcile', everyMs: 30_000, run: ({ reconciler }) => reconciler.all() },
  { name: 'remind', everyMs: 60_000, run: (parts) => remind(parts) },
  { name: 'report-months', everyMs: 900_000, run: (parts) => reportMonths(parts) },
  { name: 'seat-log-months', everyMs: 3_600_000, run: ({ seatLog }) => seatLog.keepMonths() },
  { name: 'sweep-pictures', everyMs: 3_600_000, run: ({ pictures }) => pictures.sweep() },
  { name: 'tidy', everyMs: 86_400_000, run: tidy }
];
