import * as m from '#domain/messages/compiled/refusals.js';
import { uuid, type UserId } from '#domain/ids.ts';
import type { SandboxOutcome } from '#domain/protocol.ts';
import { notFound } from '#domain/not-found.ts';
import { busy, isRefusal, refuse, type Refusal } from '#domain/refusal.ts';
import { faultPoint } from '../booking/fault-points.ts';
import { enqueue } from '../booking/outbox.ts';
import { createClaimLate } from '../booking/late-seats.ts';
import { settlePayment, type Settlement } from '../booking/settle.ts';
import { withRetry } from '../booking/transactions.ts';
import { readBooking, readPayment, type BookingView, type PaymentView } from '../booking/views.ts';
import type { Config } from '../config.ts';
import type { Database, Sql } from '../db/database.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Seats } from '../seats/seats.ts';
import { inSpan, isTracing } from '../tracing/spans.ts';
import { traceOfPayment } from '../tracing/sale.ts';
import { openAtGateway, tryAgain } from './attempts.ts';
import type { GatewayEvent, PaymentGateway } from './gateway.ts';
import { createPoller } from './poller.ts';
import { createRefunds } from './refunds.ts';
import { createDelivery } from './sandbox/delivery.ts';
import { createSandboxGateway, type RefundFault } from './sandbox/gateway.ts';
import { createStripeGateway } from './stripe/gateway.ts';

/** Money, behind one interface for all gateways. A payment moves by guarded UPDATEs only, and counts once. */
export interface Payments {
  /** The gateway that new bookings are paid with. */
  readonly gateway: string;
  /** Opens the booking's pending payment at its gateway, where that has not been done. Trouble there is logged: it is tried again. */
  begin(bookingId: string): Promise<void>;
  /** After a failed payment of a booking that still waits: a new one. */
  tryAgain(bookingId: string): Promise<void>;
  /** A gateway's message, on the raw bytes. Refuses BAD_SIGNATURE, INVALID, NOT_FOUND, BUSY. Said twice, it counts once. */
  webhook(gateway: string, rawBody: Buffer, headers: Headers): Promise<void | Refusal>;
  /** What the person on the sandbox's page chose. Refuses NOT_FOUND, ALREADY_USED when it was decided otherwise, HOLD_EXPIRED when it is too late to begin, BUSY. */
  sandboxDecide(paymentId: string, user: UserId, outcome: SandboxOutcome): Promise<void | Refusal>;
  /** `moveId`: it is for the difference of this move of the booking. */
  sandboxView(
    paymentId: string,
    user: UserId
  ): Promise<{ payment: PaymentView; booking: BookingView; moveId: string | null } | Refusal>;
  /** For the job of the outcome "late": succeeds once the time to pay is over, and throws before. */
  sandboxLate(paymentId: string): Promise<void>;
  /** Asks the gateways about payments whose message never came. Answers how many it settled. */
  pollPending(): Promise<number>;
  /** Asks the gateway for this refund, if it is time to. Trouble is written down and tried again. */
  sendRefund(refundId: string): Promise<void>;
  /** Tries the refunds whose time has come, those whose answer was lost too. Answers how many are done now. */
  pollRefunds(): Promise<number>;
  /** Where this process is reached: the sandbox sends its messages there. */
  setBaseUrl(url: string): void;
  /** Called after each settlement, to get the work that follows started at once. */
  onSettled(listener: () => void): void;
}

/** A webhook is given this long (ms) before the poller asks. */
const PATIENCE_MS = 10_000;
/** For the metric: what a gateway's message did. */
const MESSAGE_DID = {
  confirmed: 'ok',
  moved: 'ok',
  failed: 'declined',
  'refund due': 'late',
  ignored: 'duplicate'
} as const;
/** The first pause (ms) after a refund that was not done. */
const REFUND_PAUSE_MS = 5000;

export interface PaymentOptions {
  patienceMs?: number;
  refundPauseMs?: number;
  /** For tests: see the sandbox. */
  refundFault?: (refundId: string, call: number) => RefundFault | undefined;
}

export function createPayments(
  parts: {
    db: Database;
    seats: Pick<Seats, 'leaseForMove'>;
    config: Config;
    metrics?: Pick<Metrics, 'webhooks'>;
    log: Logger;
  },
  { patienceMs = PATIENCE_MS, refundPauseMs = REFUND_PAUSE_MS, refundFault }: PaymentOptions = {}
): Payments {
  const { db, config } = parts;
  const log = parts.log.child({ part: 'payments' });
  const sandbox = createSandboxGateway({ db, secret: config.secret, refundFault });
  const stripe = config.stripe && createStripeGateway(config.stripe);
  const all: PaymentGateway[] = stripe ? [sandbox, stripe] : [sandbox];
  const gateways = new Map(all.map((gateway) => [gateway.name, gateway]));
  const used = (stripe ?? sandbox).name;
  const delivery = createDelivery(config.origin, log);
  const refunds = createRefunds({ db, gateways, log, pauseMs: refundPauseMs });
  const claimLate = createClaimLate(parts.seats);
  const listeners: (() => void)[] = [];

  const begin = async (bookingId: string) => {
    try {
      await openAtGateway(db, gateways, config.origin, bookingId);
    } catch (error) {
      log.warn({ err: error, bookingId }, 'the gateway could not open a payment; it is tried again');
    }
  };

  /** Settles once for each message; without one (the poller asked), once for the payment. Answers whether it did; refuses BUSY. */
  async function settle(
    paymentId: string,
    outcome: 'succeeded' | 'declined',
    message?: { gateway: string; id: string }
  ): Promise<boolean | Refusal> {
    const settleOnce = async (sql: Sql): Promise<Settlement> => {
      if (message) {
        const first = await sql.query(
          'insert into webhook_event (gateway, event_id) values ($1, $2) on conflict do nothing',
          [message.gateway, message.id]
        );
        if (first.rowCount === 0) return 'ignored';
      }
      const done = await settlePayment(sql, paymentId, outcome, claimLate);
      faultPoint('payment:before-commit');
      return done;
    };
    const parent = isTracing() ? await traceOfPayment(db, paymentId) : null;
    const settlement = await inSpan('settle payment', () => withRetry<Settlement | Refusal>(db, settleOnce), {
      ...{ parent, insideOnly: true }
    });
    if (isRefusal(settlement)) return settlement;
    faultPoint('payment:after-commit');
    if (message) parts.metrics?.webhooks.inc({ result: MESSAGE_DID[settlement] });
    log.info({ paymentId, outcome, settlement }, 'payment settled');
    for (const listener of listeners) listener();
    return settlement !== 'ignored';
  }

  /** A proved message must also fit our own books before it may move anything. */
  async function fits(gateway: string, event: GatewayEvent): Promise<void | Refusal> {
    const found = await db.query<{ gateway_ref: string | null; amount: number; currency: string }>(
      'select gateway_ref, amount, currency from payment where id = $1 and gateway = $2',
      [event.paymentId, gateway]
    );
    const [payment] = found.rows;
    if (!payment || (payment.gateway_ref !== null && payment.gateway_ref !== event.ref)) return notFound('payment');
    if (payment.amount === event.amount && payment.currency === event.currency) {
      // We may have died before the gateway's own id was written down; without it no money could go back.
      if (payment.gateway_ref === null)
        await db.query('update payment set gateway_ref = $2 where id = $1 and gateway_ref is null', [
          event.paymentId,
          event.ref
        ]);
      return;
    }
    log.error({ event, payment }, 'a gateway reports another amount than was asked for');
    return refuse('INVALID', 'The amount or the currency is not what was asked for.');
  }

  /** A payment that the sandbox has to do with. */
  async function ownPayment(paymentId: string, user: UserId) {
    if (!uuid.safeParse(paymentId).success) return notFound('payment');
    const found = await readPayment(db, paymentId);
    const booking = found?.gateway === sandbox.name && (await readBooking(db, found.bookingId, user));
    return found && booking ? { ...found, booking } : notFound('payment');
  }

  /** The gateway does not know it: it could not be opened there just now, or never was in the time there was to pay. */
  async function unopened(paymentId: string): Promise<Refusal> {
    if ((await readPayment(db, paymentId))?.waits) return busy();
    return refuse('HOLD_EXPIRED', m.pay_time_over());
  }

  return {
    gateway: used,
    begin,

    async tryAgain(bookingId) {
      await tryAgain(db, used, bookingId);
    },

    async webhook(name, rawBody, headers) {
      const gateway = gateways.get(name);
      if (!gateway) return notFound('gateway');
      const event = await gateway.verify(rawBody, headers);
      if (event === null) return;
      if (isRefusal(event)) return event;
      const misfit = await fits(name, event);
      if (misfit) return misfit;
      const settled = await settle(event.paymentId, event.outcome, { gateway: name, id: event.id });
      if (isRefusal(settled)) return settled;
    },

    async sandboxDecide(paymentId, user, outcome) {
      const own = await ownPayment(paymentId, user);
      if (isRefusal(own)) return own;
      await begin(own.booking.id);
      if (outcome === 'late') {
        const dueAt = own.until;
        return enqueue(db, 'sandbox.late', { paymentId }, { dedupeKey: paymentId, dueAt });
      }
      const wanted = outcome === 'decline' ? 'declined' : 'succeeded';
      const decided = await sandbox.decide(paymentId, wanted);
      if (decided === null) return unopened(paymentId);
      if (decided !== wanted) return refuse('ALREADY_USED', m.payment_decided());
      faultPoint('payment:after-decision');
      const message = await sandbox.message(paymentId);
      if (message) await delivery.send(message, outcome === 'duplicate' ? 10 : 1);
    },

    async sandboxView(paymentId, user) {
      const own = await ownPayment(paymentId, user);
      if (isRefusal(own)) return own;
      return { payment: own.payment, booking: own.booking, moveId: own.moveId };
    },

    async sandboxLate(paymentId) {
      const found = await readPayment(db, paymentId);
      if (found?.waits) throw new Error('the time to pay is not over yet');
      await sandbox.decide(paymentId, 'succeeded');
      const message = await sandbox.message(paymentId);
      if (message) await delivery.send(message, 1);
    },

    pollPending: createPoller({ db, gateways, begin, settle, log, patienceMs }),
    async sendRefund(refundId) {
      await refunds.send(refundId);
    },
    pollRefunds: () => refunds.poll(),
    setBaseUrl: (url) => delivery.setBaseUrl(url),
    onSettled: (listener) => void listeners.push(listener)
  };
}
