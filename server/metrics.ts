import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { Logger } from './log.ts';

/**
 * What is counted, by name: services are given this object and count in it. A new figure is a field here, made in
 * `createMetrics`. Each App has a registry of its own.
 */
export interface Metrics {
  /** Reads of the catalogue: from the cache, from Postgres, or past the cache (Redis away, or a write under way). */
  cacheReads: Counter<'result'>;
  /** A figure that is read when somebody asks; NaN while it cannot be read. */
  measured(name: string, help: string, read: () => Promise<number>): void;
  /** What the reconciler found wrong and mended: seats, holds, sums, or the whole map. An alarm, when it is not 0. */
  seatDrift: Counter<'kind'>;
  /** All of them, in the text format of Prometheus. */
  text(): Promise<{ type: string; body: string }>;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  let asked = false;
  return {
    cacheReads: new Counter({
      ...{ name: 'fullhouse_cache_reads_total', help: 'Reads of the catalogue by what the cache had.' },
      ...{ labelNames: ['result'], registers }
    }),
    measured(name, help, read) {
      new Gauge({
        ...{ name, help, registers },
        async collect() {
          this.set(await read().catch(() => NaN));
        }
      });
    },
    seatDrift: new Counter({
      ...{
        name: 'fullhouse_seat_drift_total',
        help: 'Seats, holds, sums and whole maps in Redis that were wrong and mended.'
      },
      ...{ labelNames: ['kind'], registers }
    }),
    async text() {
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
