import { z } from 'zod';
import { catalogId } from '#domain/ids.ts';
import type { Sql } from '../db/database.ts';
import { traceparent } from '../tracing/spans.ts';

/**
 * What must still be done after a commit, by kind. The row is written in the transaction it belongs to;
 * the relay (jobs/relay.ts) hands it to a queue until its job reports success. So nothing here is ever lost,
 * and every job must bear being run twice.
 */
const ofBooking = z.object({ bookingId: z.uuid() });
const ofRefund = z.object({ refundId: z.uuid() });
const ofShow = z.object({ showId: catalogId });
/** Which seats of a show have other blocks than before; the terms of its sale may have changed with them or without. */
const ofSeats = z.object({ showId: catalogId, seats: z.array(z.number().int()) });
const ofPayment = z.object({ paymentId: z.uuid() });
const ofLink = z.object({ linkId: z.uuid() });

export const outboxKinds = {
  /** Due when the booking's time to pay is over. */
  'booking.expire': ofBooking,
  /** Make Redis agree with Postgres for the seats of this booking. */
  'seats.sync': ofBooking,
  /** Make the live map agree with Postgres: the sale, its terms, and these seats. */
  'show.sync': ofSeats,
  'mail.confirmation': ofBooking,
  'mail.payment-failed': ofPayment,
  /** The payment came too late and the seats are gone. */
  'mail.refund-due': ofBooking,
  'mail.password-reset': ofLink,
  'mail.password-changed': z.object({ userId: z.uuid(), changeId: z.uuid() }),
  /** To the address that is to become the account's. */
  'mail.email-confirm': ofLink,
  /** To the address that was the account's. */
  'mail.email-changed': ofLink,
  /** A show is not what it was: tell everyone who had booked it. */
  'show.changed': z.object({ changeId: z.number().int() }),
  'mail.show-changed': z.object({ bookingId: z.uuid(), changeId: z.number().int() }),
  'mail.reminder': ofBooking,
  /** `month` is its first day. */
  'mail.monthly-report': z.object({ organizerId: z.uuid(), month: z.iso.date() }),
  /** The tickets once more, because somebody asked for it on the desk. */
  'mail.confirmation-again': z.object({ bookingId: z.uuid(), againId: z.uuid() }),
  /** A booking is over that was confirmed or paid for: by whom and why, and what goes back. */
  'mail.cancelled': ofBooking,
  /** Some seats of a booking were given back, and the rest stays. */
  'mail.refund': ofRefund,
  /** Its seats are others now: which, and the tickets for them. */
  'mail.moved': z.object({ bookingId: z.uuid(), moveId: z.uuid() }),
  /** Due when the time to pay for a move is over. */
  'move.expire': z.object({ moveId: z.uuid() }),
  /** The organizer offers other seats that cost more: where to pay the difference, and until when. */
  'mail.move-payment': z.object({ bookingId: z.uuid(), moveId: z.uuid() }),
  /** A difference was paid when the seats were gone already. */
  'mail.move-refunded': z.object({ bookingId: z.uuid(), moveId: z.uuid() }),
  /** Seats for somebody on the waiting list, and until when. */
  'mail.waiting-offer': z.object({ wishId: z.uuid() }),
  /** Something happened that endpoints of integrators may want to hear of (webhooks/). */
  'webhook.event': z.object({
    key: z.string(),
    type: z.string(),
    at: z.string(),
    organizerId: z.uuid(),
    data: z.record(z.string(), z.unknown())
  }),
  /** One try of one message; `attempt` counts those before it. */
  'webhook.deliver': z.object({ deliveryId: z.uuid(), attempt: z.number().int() }),
  'mail.webhook-disabled': z.object({ endpointId: catalogId, offId: z.uuid() }),
  /** Ask the gateway to give the money back, now. The poller asks in any case. */
  'refund.send': ofRefund,
  /** The show does not take place: end its holds, refund all its bookings. */
  'show.cancel': ofShow,
  /** The sandbox gateway's outcome "late": succeeds once the booking has expired. */
  'sandbox.late': ofPayment
} as const;

export type OutboxKind = keyof typeof outboxKinds;
export type OutboxPayload<K extends OutboxKind> = z.infer<(typeof outboxKinds)[K]>;

export const isOutboxKind = (kind: string): kind is OutboxKind => Object.hasOwn(outboxKinds, kind);

/** Writes down work to be done after this transaction commits. A second row of the same `dedupeKey` is ignored. */
export async function enqueue<K extends OutboxKind>(
  sql: Sql,
  kind: K,
  payload: OutboxPayload<K>,
  options: { dedupeKey: string; dueAt?: Date }
): Promise<void> {
  await sql.query(
    `insert into outbox (dedupe_key, kind, payload, due_at, traceparent)
     values ($1, $2, $3, coalesce($4::timestamptz, now()), $5)
     on conflict (dedupe_key) do nothing`,
    [`${kind}:${options.dedupeKey}`, kind, JSON.stringify(payload), options.dueAt ?? null, traceparent()]
  );
}

/** Many at once, in one statement. */
export async function enqueueAll<K extends OutboxKind>(
  sql: Sql,
  kind: K,
  rows: readonly { payload: OutboxPayload<K>; dedupeKey: string; dueAt?: Date | null }[]
): Promise<void> {
  await sql.query(
    `insert into outbox (dedupe_key, kind, payload, due_at, traceparent)
     select key, $1, payload, coalesce(due, now()), $5 from unnest($2::text[], $3::jsonb[], $4::timestamptz[]) as w (key, payload, due)
     on conflict (dedupe_key) do nothing`,
    [
      kind,
      rows.map(({ dedupeKey }) => `${kind}:${dedupeKey}`),
      rows.map(({ payload }) => JSON.stringify(payload)),
      rows.map(({ dueAt }) => dueAt ?? null),
      traceparent()
    ]
  );
}
