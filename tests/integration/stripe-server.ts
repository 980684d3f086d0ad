import { createServer } from 'node:http';
import { randomUUID } from 'node:crypto';

/**
 * Stands for Stripe, a third party: the few calls that the gateway makes, with the shapes and rules that Stripe
 * documents (form-encoded bodies, idempotency keys bound to their parameters, errors as {error: {type, …}}).
 */
export interface StripeServer {
  url: string;
  sessions: Map<string, Session>;
  refunds: Refund[];
  /** How often a call was made, by `POST /v1/checkout/sessions` and the like. */
  calls: Map<string, number>;
  /** Swallows the answers to the next calls, after they were done: what a lost connection looks like. */
  loseAnswers(count: number): void;
  /** The same for one call; and its idempotency keys are forgotten, as Stripe does after a day. */
  loseAnswersTo(call: string, count: number): void;
  close(): Promise<void>;
}

export interface Session {
  id: string;
  object: 'checkout.session';
  status: 'open' | 'complete' | 'expired';
  payment_status: 'unpaid' | 'paid' | 'no_payment_required';
  amount_total: number;
  currency: string;
  client_reference_id: string | null;
  payment_intent: string | null;
  url: string | null;
}

export interface Refund {
  id: string;
  object: 'refund';
  amount: number;
  payment_intent: string;
  status: 'succeeded' | 'pending' | 'failed';
  metadata: Record<string, string>;
}

export async function startStripe(secretKey: string): Promise<StripeServer> {
  const sessions = new Map<string, Session>();
  const refunds: Refund[] = [];
  const calls = new Map<string, number>();
  const answered = new Map<string, { parameters: string; body: object }>();
  let lose = 0;
  const loseTo = new Map<string, number>();

  function createSession(form: URLSearchParams): Session {
    const id = `cs_test_${randomUUID().replaceAll('-', '')}`;
    const session: Session = {
      ...{ id, object: 'checkout.session', status: 'open', payment_status: 'unpaid' },
      amount_total:
        Number(form.get('line_items[0][price_data][unit_amount]')) * Number(form.get('line_items[0][quantity]')),
      currency: form.get('line_items[0][price_data][currency]') ?? '',
      client_reference_id: form.get('client_reference_id'),
      payment_intent: null,
      url: `https://checkout.stripe.com/c/pay/${id}`
    };
    sessions.set(id, session);
    return session;
  }

  function createRefund(form: URLSearchParams): [status: number, body: object] {
    const intent = form.get('payment_intent');
    const paid = [...sessions.values()].find((one) => one.payment_intent === intent && one.payment_status === 'paid');
    const amount = Number(form.get('amount'));
    const before = refunds.filter((one) => one.payment_intent === intent).reduce((sum, one) => sum + one.amount, 0);
    if (!paid || intent === null || before + amount > paid.amount_total)
      return [
        400,
        { error: { type: 'invalid_request_error', message: 'Refund amount is greater than charge amount' } }
      ];
    const metadata = { refund: form.get('metadata[refund]') ?? '' };
    const refund: Refund = {
      ...{ id: `re_${refunds.length}`, object: 'refund', amount, payment_intent: intent, status: 'succeeded', metadata }
    };
    refunds.push(refund);
    return [200, refund];
  }

  function answer(call: string, form: URLSearchParams): [status: number, body: object] {
    if (call === 'POST /v1/refunds') return createRefund(form);
    if (call === 'GET /v1/refunds') {
      const data = refunds.filter((one) => one.payment_intent === form.get('payment_intent'));
      return [200, { object: 'list', url: '/v1/refunds', has_more: false, data }];
    }
    const [, id] = /^GET \/v1\/checkout\/sessions\/(\w+)$/.exec(call) ?? [];
    if (call === 'POST /v1/checkout/sessions') return [200, createSession(form)];
    const session = id === undefined ? undefined : sessions.get(id);
    if (session) return [200, session];
    return [
      404,
      { error: { type: 'invalid_request_error', code: 'resource_missing', message: `No such call: ${call}` } }
    ];
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { pathname: path, searchParams } = new URL(request.url ?? '/', 'http://stripe');
      const call = `${request.method} ${path}`;
      calls.set(call, (calls.get(call) ?? 0) + 1);
      const send = (status: number, body: object) => {
        const losing = loseTo.get(call) ?? 0;
        if (losing > 0) {
          loseTo.set(call, losing - 1);
          answered.clear();
          request.socket.destroy();
          return;
        }
        if (lose > 0) {
          lose--;
          request.socket.destroy();
          return;
        }
        response.writeHead(status, { 'content-type': 'application/json', 'request-id': `req_${calls.size}` });
        response.end(JSON.stringify(body));
      };
      if (request.headers.authorization !== `Bearer ${secretKey}`)
        return send(401, { error: { type: 'invalid_request_error', message: 'Invalid API Key provided' } });
      const parameters = Buffer.concat(chunks).toString('utf8');
      const key = request.headers['idempotency-key'];
      const before = typeof key === 'string' ? answered.get(key) : undefined;
      if (before && before.parameters !== parameters)
        return send(400, {
          error: { type: 'idempotency_error', message: 'Keys may only be used with the same parameters' }
        });
      if (before) return send(200, before.body);
      const [status, body] = answer(call, request.method === 'GET' ? searchParams : new URLSearchParams(parameters));
      if (typeof key === 'string' && status < 500) answered.set(key, { parameters, body });
      send(status, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    ...{ sessions, refunds, calls },
    loseAnswers: (count) => (lose = count),
    loseAnswersTo: (call, count) => void loseTo.set(call, count),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  };
}
