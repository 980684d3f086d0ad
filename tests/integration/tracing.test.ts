import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startMailCatcher, type MailCatcher } from '../../server/embedded/mail-catcher.ts';
import type { Running } from '../../server/serve.ts';
import { traceparent } from '../../server/tracing/spans.ts';
import { call, startApi } from './api-server.ts';
import { until } from './house.ts';
import { person, type Person } from './organizers.ts';
import { makeShow, type MadeShow } from './shows.ts';
import { makeConfig } from './stack.ts';
import { hold, say, visitorsOf } from './visitors.ts';

/** A collector that takes OTLP over HTTP, as any real one does, and what the service tells it of a sale. */
const spanShape = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  attributes: z.array(z.object({ key: z.string(), value: z.unknown() }))
});
type Span = z.infer<typeof spanShape>;
const exported = z.object({
  resourceSpans: z.array(z.object({ scopeSpans: z.array(z.object({ spans: z.array(spanShape) })) }))
});

let collector: Server;
let running: Running;
let mail: MailCatcher;
let show: MadeShow;
let ada: Person;
const spans: Span[] = [];
const bodies: string[] = [];

const { connect } = visitorsOf(() => [running]);

beforeAll(async () => {
  collector = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      bodies.push(body);
      const { resourceSpans } = exported.parse(JSON.parse(body));
      spans.push(...resourceSpans.flatMap((of) => of.scopeSpans.flatMap((each) => each.spans)));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((listening) => collector.listen(0, '127.0.0.1', listening));
  mail = await startMailCatcher();
  running = await startApi(
    await makeConfig({
      SMTP_URL: mail.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`
    })
  );
  show = await makeShow(running.app.db, 20);
  ada = await person(running);
});
afterAll(async () => {
  await running.close();
  await mail.stop();
  await new Promise((closed) => collector.close(closed));
});

async function payFor(holdId: string): Promise<void> {
  const headers = { 'idempotency-key': holdId };
  const made = await call(running.url, 'POST /bookings', { token: ada.token, headers, body: { holdId } });
  const { payment } = made.body as { payment: { id: string } };
  await call(running.url, `POST /payments/${payment.id}/sandbox`, { token: ada.token, body: { outcome: 'success' } });
}
const ofTrace = (id: string | undefined) => spans.filter(({ traceId }) => traceId === id);
const sent = (trace: () => string | undefined) =>
  until('the mail’s span is exported', () => ofTrace(trace()).some(({ name }) => name === 'smtp send'), 20_000);

describe('one trace', () => {
  it('goes from the click over Lua, SQL, outbox, relay and job to the mail', { timeout: 40_000 }, async () => {
    const socket = await connect(0, { token: ada.token });
    const held = await hold(socket, show, [3]);
    await payFor((held['hold'] as { id: string }).id);
    const click = () => spans.find(({ name }) => name === 'seats:hold');
    await sent(() => click()?.traceId);

    const trace = ofTrace(click()?.traceId);
    const names = new Set(trace.map(({ name }) => name));
    for (const name of [
      ...['seats:hold', 'hold seats', 'lua hold', 'checkout', 'lua lease', 'transaction', 'insert booking', 'commit'],
      ...['insert outbox', 'settle payment', 'insert ticket', 'relay mail.confirmation', 'job mail.confirmation'],
      ...['smtp send', 'job seats.sync', 'lua book']
    ])
      expect(names).toContain(name);
    // Each has its parent in the same trace, but for the click.
    const ids = new Set(trace.map(({ spanId }) => spanId));
    const orphans = trace.filter(({ parentSpanId }) => !ids.has(parentSpanId ?? ''));
    expect(orphans.map(({ name }) => name)).toEqual(['seats:hold']);
    const lua = trace.find(({ name }) => name === 'lua hold');
    expect(trace.find(({ spanId }) => spanId === lua?.parentSpanId)?.name).toBe('hold seats');
  });

  it('is the client’s own, when a command names it', { timeout: 40_000 }, async () => {
    const traceId = 'a1b2c3d4'.repeat(4);
    const socket = await connect(0, { token: ada.token });
    const held = await say(socket, 'seats:hold', {
      ...{ showId: show.id, seats: [5], requestId: 'r1' },
      traceparent: `00-${traceId}-00f067aa0ba902b7-01`
    });
    await payFor((held['hold'] as { id: string }).id);
    await sent(() => traceId);
    expect(ofTrace(traceId).find(({ name }) => name === 'seats:hold')?.parentSpanId).toBe('00f067aa0ba902b7');
  });

  it('is stored with the work that waits, and a command with anything else for a trace is answered all the same', async () => {
    const { rows } = await running.app.db.query<{ trace: string }>(
      `select distinct substr(traceparent, 4, 32) as trace from outbox where kind = 'mail.confirmation'`
    );
    expect(rows).toHaveLength(2);
    const socket = await connect(0, { token: ada.token });
    const odd = { showId: show.id, traceparent: 'x'.repeat(55) };
    expect(await say(socket, 'seats:release', odd)).toMatchObject({ ok: true });
  });

  it('tells nothing of who it was', () => {
    expect(bodies.length).toBeGreaterThan(0);
    for (const body of bodies) {
      expect(body).not.toContain(ada.token);
      expect(body).not.toMatch(/@desk\.example|a long enough password/);
    }
  });
});

describe('without an exporter', () => {
  it('nothing is traced', async () => {
    await running.close();
    const before = spans.length;
    const silent = await startApi(await makeConfig());
    try {
      const other = await makeShow(silent.app.db, 10);
      const { buyer } = silent.app.accounts.issueBuyer();
      await silent.app.seats.hold(other.id, buyer, [1], 'r');
      expect(traceparent()).toBeNull();
    } finally {
      await silent.close();
    }
    expect(spans.length).toBe(before);
  });
});
