import type { Stripe } from 'stripe';
import { refuse } from '#domain/refusal.ts';
import { GatewayTrouble, type GatewayEvent, type PaymentGateway } from '../gateway.ts';
import { fromStripe, toStripe } from './amounts.ts';

export interface StripeKeys {
  secretKey: string;
  /** Of the webhook endpoint /api/v1/webhooks/stripe. */
  webhookSecret: string;
  /** Where Stripe is; null: at Stripe. Another place serves tests and proxies. */
  apiUrl: string | null;
}

const TIMEOUT_MS = 20_000;

/**
 * Payment on a page of Stripe's (Checkout). Our payment id is the idempotency key, so asking twice opens one session.
 * A declined card does not end a session, the buyer may try another: "declined" is a session that has expired.
 */
export function createStripeGateway({ secretKey, webhookSecret, apiUrl }: StripeKeys): PaymentGateway {
  const options = {
    ...{ timeout: TIMEOUT_MS, maxNetworkRetries: 2, telemetry: false },
    ...(apiUrl === null ? {} : placeOf(new URL(apiUrl)))
  };
  let loaded: Promise<{ stripe: Stripe; errors: typeof Stripe.errors }> | undefined;
  /** With the first payment: not every process has to do with one. */
  const load = () =>
    (loaded ??= import('stripe').then(({ Stripe }) => ({
      stripe: new Stripe(secretKey, options),
      errors: Stripe.errors
    })));

  /** Money goes back to the payment that the session ended with. */
  async function intentOf(ref: string): Promise<string> {
    const { stripe } = await load();
    const { payment_intent: intent } = await stripe.checkout.sessions.retrieve(ref);
    if (intent === null) throw new Error(`nothing was paid in Stripe's session ${ref}`);
    return typeof intent === 'string' ? intent : intent.id;
  }

  /** What Stripe said is told apart from what we say of it; everything else is a fault of ours. */
  async function inWords(error: unknown): Promise<unknown> {
    const { errors } = await load();
    if (error instanceof errors.StripeConnectionError)
      return new GatewayTrouble('the gateway could not be reached', { cause: error });
    if (error instanceof errors.StripeError)
      return new GatewayTrouble(`the gateway said: ${error.message}`, { cause: error });
    return error;
  }

  return {
    name: 'stripe',

    async create({ paymentId, amount, currency, returnUrl, description }) {
      const { stripe } = await load();
      const session = await stripe.checkout.sessions.create(
        {
          mode: 'payment',
          client_reference_id: paymentId,
          success_url: returnUrl,
          cancel_url: returnUrl,
          line_items: [
            {
              quantity: 1,
              price_data: {
                currency: currency.toLowerCase(),
                unit_amount: toStripe(amount, currency),
                product_data: { name: description }
              }
            }
          ],
          payment_intent_data: { metadata: { payment: paymentId } }
        },
        { idempotencyKey: `create-${paymentId}` }
      );
      if (session.url === null) throw new Error(`Stripe opened ${session.id} without a page to pay on`);
      return { ref: session.id, redirectUrl: session.url };
    },

    async verify(rawBody, headers) {
      const { stripe, errors } = await load();
      let event: Stripe.Event;
      try {
        event = stripe.webhooks.constructEvent(rawBody, headers.get('stripe-signature') ?? '', webhookSecret);
      } catch (error) {
        if (!(error instanceof errors.StripeSignatureVerificationError)) throw error;
        return refuse('BAD_SIGNATURE', 'The signature does not fit the message.');
      }
      return readEvent(event);
    },

    async poll(ref) {
      const { stripe } = await load();
      const session = await stripe.checkout.sessions.retrieve(ref);
      if (session.payment_status !== 'unpaid') return 'succeeded';
      return session.status === 'expired' ? 'declined' : 'open';
    },

    async refund({ refundId, ref, amount, currency }) {
      const { stripe, errors } = await load();
      try {
        const refund = await stripe.refunds.create(
          {
            payment_intent: await intentOf(ref),
            amount: toStripe(amount, currency),
            metadata: { refund: refundId }
          },
          { idempotencyKey: `refund-${refundId}` }
        );
        return stateOf(refund);
      } catch (error) {
        // Not the buyer's money any more, already given back, or the like: asking again brings nothing else.
        if (error instanceof errors.StripeInvalidRequestError) return 'refused';
        throw await inWords(error);
      }
    },

    async pollRefund({ refundId, ref }) {
      const { stripe } = await load();
      try {
        const refunds = stripe.refunds.list({ payment_intent: await intentOf(ref), limit: 100 });
        for await (const refund of refunds) if (refund.metadata?.['refund'] === refundId) return stateOf(refund);
        return 'unknown';
      } catch (error) {
        throw await inWords(error);
      }
    }
  };
}

function stateOf({ status }: Stripe.Refund): 'done' | 'pending' | 'refused' {
  if (status === 'failed' || status === 'canceled') return 'refused';
  return status === 'succeeded' ? 'done' : 'pending';
}

/** What a message says of one of our payments; null when it says nothing that we wait for. */
function readEvent(event: Stripe.Event): GatewayEvent | null {
  if (event.type === 'checkout.session.async_payment_succeeded') return told(event.id, event.data.object, 'succeeded');
  if (event.type === 'checkout.session.async_payment_failed' || event.type === 'checkout.session.expired')
    return told(event.id, event.data.object, 'declined');
  // Completed but unpaid: a bank transfer, say. Another message follows.
  if (event.type !== 'checkout.session.completed' || event.data.object.payment_status === 'unpaid') return null;
  return told(event.id, event.data.object, 'succeeded');
}

function told(id: string, session: Stripe.Checkout.Session, outcome: GatewayEvent['outcome']): GatewayEvent | null {
  const { client_reference_id: paymentId, amount_total: amount } = session;
  // The same Stripe account may sell other things: those are not ours to judge.
  if (paymentId === null || amount === null || session.currency === null) return null;
  const currency = session.currency.toUpperCase();
  return { id, ref: session.id, paymentId, outcome, amount: fromStripe(amount, currency), currency };
}

const placeOf = ({ protocol, hostname, port }: URL) => ({
  protocol: protocol === 'http:' ? ('http' as const) : ('https' as const),
  host: hostname,
  port: port || (protocol === 'http:' ? '80' : '443')
});
