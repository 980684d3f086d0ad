import type { Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Config } from './config.ts';
import type { Live } from './live/live.ts';
import type { Logger } from './log.ts';

/**
 * Going down so that nobody notices. First /readyz says no, while everything goes on: a proxy needs a moment to look.
 * Then no new sockets, and those there are end one by one in random order: all at once would come back all at once, to
 * nodes that have their own viewers. Requests are answered all the while; the last ones finish before it resolves.
 */
export interface Drain {
  /** /readyz says 503 from then on. */
  readonly begun: boolean;
  run(): Promise<void>;
}

/** Requests under way get this long (ms) to finish: as long as Postgres gives one statement. */
const REQUESTS_MS = 15_000;

export function createDrain(parts: {
  config: Pick<Config, 'drain'>;
  server: Server;
  /** Takes no new connections, and lets requests under way finish for so long (ms). */
  stop: (ms: number) => Promise<boolean>;
  live: Pick<Live, 'drain'>;
  log: Logger;
}): Drain {
  const { server, stop, live, log } = parts;
  const { waitMs, socketsMs } = parts.config.drain;
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    log.info({ waitMs, socketsMs }, 'draining: not ready any more');
    // A connection that is kept for more requests would bring them here until it is closed.
    server.prependListener('request', (_, response) => response.setHeader('connection', 'close'));
    await pause(waitMs);
    const closed = await live.drain(socketsMs);
    const whole = await stop(REQUESTS_MS);
    log.info({ sockets: closed, requestsFinished: whole }, 'drained');
  }

  return {
    get begun() {
      return running !== undefined;
    },
    run: () => (running ??= run())
  };
}

/** Resolves when all requests are answered, or after `ms`, when the rest is cut off; answers whether none was. */
export async function stopListening(server: Server, more: { close(): Promise<void> }, ms: number): Promise<boolean> {
  const closed = Promise.all([more.close(), new Promise<void>((resolve) => server.close(() => resolve()))]);
  server.closeIdleConnections();
  const late = new Promise<boolean>((resolve) => setTimeout(resolve, ms, false).unref());
  const whole = await Promise.race([closed.then(() => true), late]);
  server.closeAllConnections();
  return whole;
}
