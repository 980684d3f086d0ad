import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStripeGateway } from '../../server/payments/stripe/gateway.ts';
import { fromStripe, toStripe } from '../../server/payments/stripe/amounts.ts';
import { codeOf, holdSeats, makeBuyer, must, openHouse, until, type House } from './house.ts';
import { makeShow } from './shows.ts';
import { startSmtp, type TestSmtp } from './smtp.ts';
import { startStripe, type Session, type StripeServer } from './stripe-server.ts';
import { makeConfig } from './stack.ts';

const SECRET_KEY = 'sk_test_of_these_tests';
const WEBHOOK_SECRET = 'whsec_of_these_tests';

let house: House;
let smtp: TestSmtp;
let stripe: StripeServer;

beforeAll(async () => {
  [smtp, stripe] = await Promise.all([startSmtp(), startStripe(SECRET_KEY)]);
  const keys = { STRIPE_SECRET_KEY: SECRET_KEY, STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET, STRIPE_API_URL: stripe.url };
  house = await openHouse(await makeConfig({ SMTP_URL: smtp.url, ...keys }));
});
afterAll(async () => {
  await house.close();
  await stripe.close();
  await smtp.close();
});

async function pending() {
  const show = await makeShow(house.db, 12);
  const ada = await makeBuyer(house.db);
  const hold = await holdSeats(house, show.id, ada.buyer, [3, 4]);
  const { booking, payment } = must(await house.booking.checkout(ada, { holdId: hold.id }, 'key'));
  const session = [...stripe.sessions.values()].find((one) => one.client_reference_id === payment.id);
  if (!session) throw new Error('Stripe was not asked for a session');
  return { ada, booking, payment, session };
}
type Pending = Awaited<ReturnType<typeof pending>>;

const statusOf = async ({ booking, ada }: Pending) =>
  must(await house.booking.view(booking.id, ada.user.id)).booking.status;

let events = 0;
/** A message as Stripe sends it, signed by Stripe's own helper. */
function message(type: string, object: object, { secret = WEBHOOK_SECRET, age = 0, id = `evt_${events++}` } = {}) {
  const payload = JSON.stringify({ id, object: 'event', type, api_version: '2026-10-28', data: { object } });
  const timestamp = Math.floor(Date.now() / 1000) - age;
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
  return { body: Buffer.from(payload), headers: new Headers({ 'stripe-signature': signature }) };
}
const send = async ({ body, headers }: ReturnType<typeof message>) =>
  codeOf(await house.payments.webhook('stripe', body, headers));
const paid = (session: Session) => {
  Object.assign(session, { status: 'complete', payment_status: 'paid', payment_intent: `pi_${session.id}` });
  return message('checkout.session.completed', session);
};

describe('a booking paid through Stripe', () => {
  it('is sent to a page of Stripe’s, for exactly what it costs', async () => {
    const { booking, payment, session } = await pending();
    expect(payment.redirectUrl).toBe(session.url);
    expect([session.amount_total, session.currency]).toEqual([booking.total, booking.currency.toLowerCase()]);
  });

  it('is confirmed by Stripe’s message, however often it comes', async () => {
    const made = await pending();
    const told = paid(made.session);
    expect(await Promise.all(Array.from({ length: 10 }, () => send(told)))).toEqual(Array(10).fill('OK'));
    expect(await statusOf(made)).toBe('CONFIRMED');
    const tickets = await house.db.query('select 1 from ticket where booking_id = $1', [made.booking.id]);
    expect(tickets.rowCount).toBe(2);
  });

  it('is confirmed by asking, when no message comes', async () => {
    const made = await pending();
    Object.assign(made.session, { status: 'complete', payment_status: 'paid' });
    expect(await statusOf(made)).toBe('PENDING');
    expect(await house.payments.pollPending()).toBe(1);
    expect(await statusOf(made)).toBe('CONFIRMED');
  });

  it('opens one session, though the first answer was lost', async () => {
    const before = stripe.sessions.size;
    stripe.loseAnswers(1);
    const made = await pending();
    expect(stripe.sessions.size).toBe(before + 1);
    expect(made.payment.redirectUrl).toBe(made.session.url);
  });

  it('waits on while a bank transfer is on its way, and ends when the page does', async () => {
    const made = await pending();
    expect(await send(message('checkout.session.completed', { ...made.session, status: 'complete' }))).toBe('OK');
    expect(await statusOf(made)).toBe('PENDING');
    expect(await send(message('checkout.session.expired', { ...made.session, status: 'expired' }))).toBe('OK');
    expect(must(await house.booking.view(made.booking.id, made.ada.user.id)).payment?.status).toBe('FAILED');
  });
});

describe('money that goes back through Stripe', () => {
  async function bookedAndPaid() {
    const made = await pending();
    expect(await send(paid(made.session))).toBe('OK');
    return made;
  }
  const refundsOf = ({ session }: Pending) =>
    stripe.refunds.filter(({ payment_intent }) => payment_intent === session.payment_intent);
  const giveBack = async ({ booking, ada }: Pending) => {
    must(await house.booking.cancel(booking.id, ada.user.id));
    await until('refunded', async () => {
      await house.payments.pollRefunds();
      return (await house.booking.view(booking.id, ada.user.id).then(must)).booking.status === 'REFUNDED';
    });
  };

  it('is what was paid, once, and the booking says so', async () => {
    const made = await bookedAndPaid();
    await giveBack(made);
    expect(refundsOf(made).map(({ amount }) => amount)).toEqual([made.booking.total]);
  });

  it('goes back once, though the answer was lost until Stripe had forgotten the key', async () => {
    const made = await bookedAndPaid();
    const POST = 'POST /v1/refunds';
    const before = stripe.calls.get(POST) ?? 0;
    stripe.loseAnswersTo(POST, 3);
    await giveBack(made);
    expect(stripe.calls.get(POST)).toBeGreaterThan(before);
    expect(refundsOf(made)).toHaveLength(1);
  });
});

describe('what is not Stripe’s word', () => {
  it('changes nothing: forged, altered, old, unsigned', async () => {
    const made = await pending();
    const right = paid(made.session);
    const forged = message('checkout.session.completed', made.session, { secret: 'whsec_of_somebody_else' });
    const old = message('checkout.session.completed', made.session, { age: 3600 });
    const altered = { ...right, body: Buffer.from(right.body.toString().replace('complete', 'comp1ete')) };
    for (const wrong of [forged, old, altered, { ...right, headers: new Headers() }])
      expect(await send(wrong)).toBe('BAD_SIGNATURE');
    expect(await statusOf(made)).toBe('PENDING');
    expect(await send(right)).toBe('OK');
  });

  it('or not about this payment as it was asked for: another amount, currency, session', async () => {
    const made = await pending();
    const { session } = made;
    paid(session);
    const tell = (changes: Partial<Session>) => send(message('checkout.session.completed', { ...session, ...changes }));
    expect(await tell({ amount_total: session.amount_total - 1 })).toBe('INVALID');
    expect(await tell({ currency: 'usd' })).toBe('INVALID');
    expect(await tell({ id: 'cs_test_another' })).toBe('NOT_FOUND');
    expect(await statusOf(made)).toBe('PENDING');
  });

  it('or none of our business: other things that the account sells', async () => {
    expect(await send(message('customer.created', { id: 'cus_1', object: 'customer' }))).toBe('OK');
    const foreign = { ...(await pending()).session, payment_status: 'paid', client_reference_id: null };
    expect(await send(message('checkout.session.completed', foreign))).toBe('OK');
  });

  it('nor is the sandbox’s page a way to pay what Stripe is asked for', async () => {
    const made = await pending();
    for (const outcome of ['success', 'late'] as const)
      expect(codeOf(await house.payments.sandboxDecide(made.payment.id, made.ada.user.id, outcome))).toBe('NOT_FOUND');
    expect(codeOf(await house.payments.sandboxView(made.payment.id, made.ada.user.id))).toBe('NOT_FOUND');
  });
});

describe('amounts at Stripe', () => {
  it('are in Stripe’s units, and come back as ours', () => {
    for (const [amount, currency, theirs] of [
      [1250, 'EUR', 1250],
      [900, 'JPY', 900],
      [12_340, 'KWD', 12_340],
      [500, 'ISK', 50_000]
    ] as const) {
      expect(toStripe(amount, currency)).toBe(theirs);
      expect(fromStripe(theirs, currency)).toBe(amount);
    }
  });

  it('are refused where Stripe has no such coin', () => {
    expect(() => toStripe(12_345, 'KWD')).toThrow(RangeError);
  });
});

it('trouble at Stripe is told in its words, and in ours that nobody answered', async () => {
  const asked = { refundId: 'none', ref: 'nowhere' };
  const gateway = (apiUrl: string) =>
    createStripeGateway({ secretKey: SECRET_KEY, webhookSecret: WEBHOOK_SECRET, apiUrl });
  await expect(gateway(stripe.url).pollRefund(asked)).rejects.toMatchObject({
    message: 'the gateway said: No such call: GET /v1/checkout/sessions/nowhere'
  });
  await expect(gateway('http://127.0.0.1:9').pollRefund(asked)).rejects.toMatchObject({
    message: 'the gateway could not be reached'
  });
});
