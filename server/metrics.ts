import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Logger } from './log.ts';
import { Durations, Tally } from './metrics/figures.ts';

export type Metrics = ReturnType<typeof createMetrics>;

/** Upper edges in seconds. What a click waits for … */
const CLICK = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
/** … and what takes transactions, gateways and lost minutes. */
const WORK = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30];

/**
 * What is counted, by name: services are given this object and count in it. Labels have few values that are known
 * beforehand, and never an id. Each App has a registry of its own. A new figure is a line here, and a line in
 * tests/integration/metrics.test.ts that says what moves it.
 */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  let asked = false;
  const named = (name: string, help: string) => ({ name: `fullhouse_${name}`, help, registers });
  const counter = <L extends string = never>(name: string, help: string, label?: L) =>
    new Tally(named(name, help), label);
  const gauge = (name: string, help: string) => new Gauge(named(name, help));
  const durations = (name: string, help: string, edges: readonly number[]) => new Durations(named(name, help), edges);

  return {
    cacheReads: counter('cache_reads_total', 'Reads of the catalogue by what the cache had.', 'result'),

    holds: counter('seat_hold_requests_total', 'Wishes to hold seats (clicked or best), by their answer.', 'result'),
    holdSeconds: durations('seat_hold_duration_seconds', 'From a wish to hold seats to its answer.', CLICK),
    releases: counter('seat_release_total', 'Holds that ended or gave seats up, by what ended them.', 'cause'),
    releaseLag: durations('seat_release_lag_seconds', 'How late the sweep ended holds after their deadline.', WORK),
    rebuilds: counter('seat_rebuild_total', 'Seat maps that were made anew from Postgres.'),
    rebuildSeconds: durations('seat_rebuild_duration_seconds', 'How long that took.', WORK),
    /** What the reconciler found wrong and mended: seats, holds, sums, or the whole map. An alarm, when it is not 0. */
    seatDrift: counter('seat_drift_total', 'Seats, holds, sums and maps in Redis that were wrong and mended.', 'kind'),

    checkouts: counter('checkout_total', 'Checkouts by their answer.', 'result'),
    checkoutSeconds: durations('checkout_duration_seconds', 'From a checkout to its answer.', WORK),
    bookingConflicts: counter('booking_conflict_total', 'Checkouts whose seats Redis had held and Postgres refused.'),
    webhooks: counter('payment_webhook_total', 'Messages of payment gateways by what they did.', 'result'),
    emails: counter('email_sent_total', 'Mails that the mail server took.'),
    emailDuplicates: counter('email_duplicate_suppressed_total', 'Mails that were asked for again and had gone out.'),

    connections: gauge('ws_connections', 'Open sockets of this node.'),
    handshakes: counter('ws_handshake_total', 'Sockets that came, by whether they were let in.', 'result'),
    disconnects: counter('ws_disconnect_total', 'Sockets that ended, by the reason that Socket.IO gives.', 'reason'),
    slowViewers: counter('ws_slow_consumer_total', 'What was done to viewers that do not keep up.', 'action'),
    sendBuffer: gauge('ws_send_buffer_bytes', 'Bytes that viewers of this node have not taken yet, once a second.'),
    fanOut: durations('ws_broadcast_fanout_duration_seconds', 'Handing one frame to all local viewers.', CLICK),
    resyncs: counter('ws_resync_total', 'Viewers that came back for what they had missed, by what they got.', 'cause'),

    redisSeconds: new Histogram({
      ...named('redis_command_duration_seconds', 'Redis commands; one in sixteen is timed.'),
      ...{ buckets: CLICK, labelNames: ['cmd'] }
    }),
    rateLimited: counter('rate_limited_total', 'Commands, calls and sockets that were too many.', 'scope'),

    /** A figure that is read when somebody asks; NaN while it cannot be read. */
    measured(name: string, help: string, read: () => Promise<number> | number): void {
      new Gauge({
        ...{ name, help, registers },
        async collect() {
          this.set(await Promise.resolve(read()).catch(() => NaN));
        }
      });
    },
    /** All of them, in the text format of Prometheus. */
    async text(): Promise<{ type: string; body: string }> {
      // A process that nobody asks does not watch its own event loop and garbage collector.
      if (!asked) collectDefaultMetrics({ register: registry });
      asked = true;
      return { type: registry.contentType, body: await registry.metrics() };
    }
  };
}

const digest = (text: string) => createHash('sha256').update(text).digest();

/**
 * With a token: whoever brings it. Without one: whoever is on this machine, and not a proxy on it that speaks for
 * visitors.
 */
function maySee({ headers, socket }: IncomingMessage, token: string | null): boolean {
  if (token !== null) return timingSafeEqual(digest(headers.authorization ?? ''), digest(`Bearer ${token}`));
  const forwarded = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some((name) => name in headers);
  return !forwarded && /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(socket.remoteAddress ?? '');
}

/** GET /metrics. For everybody else there is no such page: answers false, and the pages say so. */
export function answersMetrics(
  { metrics, log, token }: { metrics: Metrics; log: Logger; token: string | null },
  request: IncomingMessage,
  response: ServerResponse
): boolean {
  if (request.url?.split('?')[0] !== '/metrics' || request.method !== 'GET' || !maySee(request, token)) return false;
  metrics.text().then(
    ({ type, body }) => response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' }).end(body),
    (error: unknown) => {
      log.error({ err: error }, 'the metrics could not be collected');
      response.writeHead(500).end();
    }
  );
  return true;
}
