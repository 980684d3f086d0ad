import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { APP_KEY, createApp, type App } from './app.ts';
import type { Config } from './config.ts';
import { migrate } from './db/migrate.ts';
import { reachable } from './db/reachable.ts';
import { createDrain, stopListening } from './drain.ts';
import type { Inbox } from './embedded/inbox.ts';
import { addListeners, BACKLOG } from './listeners.ts';
import { addressOf } from './live/limits.ts';
import type { Logger } from './log.ts';
import { answersMachines } from './machines.ts';
import { traceRequests } from './tracing/requests.ts';
import { startTracing } from './tracing/start.ts';

/** One process that serves: pages and API by the built SvelteKit handler, sockets beside it on the same port. */
export interface Running {
  app: App;
  port: number;
  url: string;
  /** Lets go of everybody without a failed request, over the seconds that `config.drain` says; `close` comes after. */
  drain(): Promise<void>;
  /** No new visitors, requests under way finish, then everything is closed in order. */
  close(): Promise<void>;
}

/** Without a drain, requests under way get this long (ms) to finish. */
const FINISH_MS = 5000;

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export async function startServer(
  config: Config,
  given: { log?: Logger; inbox?: Inbox | null; handler?: Handler } = {}
): Promise<Running> {
  const stopTracing = await startTracing(config);
  const app = createApp(config, given);
  try {
    await reachable(app.db, app.log);
    await migrate(app.db, app.log);
    await app.cache.forgetAll();
    const pages = given.handler ?? (await builtHandler(config, app));
    const handler = config.tracing ? traceRequests(pages) : pages;
    let closing: Promise<void> | undefined;
    const server = createServer((request, response) => {
      if (!answersMachines(app, request, response, drain.begun || closing !== undefined)) handler(request, response);
    });
    const drain = createDrain({ ...app, server, stop: (ms) => stopListening(server, more, ms) });
    app.live.attach(server);
    app.waitingRoom.start();
    const port = await listen(server, config);
    const more = await addListeners(server, app.log);
    const url = `http://127.0.0.1:${port}`;
    app.payments.setBaseUrl(url);
    if (config.worker === 'inline') await app.jobs.start();
    app.log.info({ port, mode: config.mode }, 'Fullhouse serves');
    return {
      app,
      port,
      url,
      drain: () => drain.run(),
      close: () =>
        (closing ??= (async () => {
          await stopListening(server, more, FINISH_MS);
          await app.close();
          await stopTracing();
        })())
    };
  } catch (error) {
    await app.close();
    await stopTracing();
    throw error;
  }
}

/** What adapter-node reads of each request, because we say so: nobody else's word for these is passed on. */
const TOLD = { protocol: 'x-fullhouse-protocol', host: 'x-fullhouse-host', address: 'x-fullhouse-address' };

/**
 * The handler that `vite build` made. It reads its settings once a process, so who we are and where a visitor calls from
 * is told with each request: the pages, the sockets and every server of this process go by the same configuration.
 */
async function builtHandler(config: Config, app: App): Promise<Handler> {
  Object.assign(process.env, {
    ...{ PAGES_PROTOCOL_HEADER: TOLD.protocol, PAGES_HOST_HEADER: TOLD.host, PAGES_ADDRESS_HEADER: TOLD.address },
    // Plans are imported as large files; src/lib/server/body-limit.ts keeps all other bodies small.
    PAGES_BODY_SIZE_LIMIT: '81M'
  });
  Reflect.set(globalThis, APP_KEY, app);
  // The URL is computed so that type checks do not read the build.
  const file = pathToFileURL(join(import.meta.dirname, '..', 'build', 'handler.js')).href;
  const { handler } = (await import(file)) as { handler: Handler };
  const { protocol, host } = new URL(config.origin);
  return (request, response) => {
    // Also for files, and for what is refused before any of our code is asked.
    response.setHeader('x-content-type-options', 'nosniff');
    // Who may frame a seat map on another site is in its policy alone (src/lib/server/security-headers.ts).
    if (!request.url?.startsWith('/embed/shows/')) response.setHeader('x-frame-options', 'DENY');
    request.headers[TOLD.protocol] = protocol.slice(0, -1);
    request.headers[TOLD.host] = host;
    request.headers[TOLD.address] = addressOf(config, request) ?? undefined;
    handler(request, response);
  };
}

function listen(server: Server, config: Config): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: config.port, host: config.host, backlog: BACKLOG }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : config.port);
    });
  });
}
