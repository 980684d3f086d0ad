import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'vite';
import { APP_KEY } from '../../server/app.ts';
import type { Config } from '../../server/config.ts';
import { createLog } from '../../server/log.ts';
import { startServer, type Running } from '../../server/serve.ts';

/**
 * The whole service over real HTTP: the server of production, with Kit's routes served from their sources, so that
 * no build has to be there first.
 */
export async function startApi(config: Config): Promise<Running> {
  const vite = await createServer({
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    appType: 'custom',
    logLevel: 'error'
  });
  const handler = (request: IncomingMessage, response: ServerResponse) => vite.middlewares(request, response);
  const running = await startServer(config, { handler, log: createLog(config.logLevel, false) });
  Reflect.set(globalThis, APP_KEY, running.app);
  return {
    ...running,
    async close() {
      await running.close();
      await vite.close();
    }
  };
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The parsed body, or null where there is none. */
  body: Record<string, unknown> | null;
}

/** `call(url, 'POST /buyers')`, `call(url, 'POST /bookings', { token, body })` */
export async function call(
  url: string,
  what: string,
  given: { token?: string; buyer?: string; cookie?: string; body?: unknown; headers?: Record<string, string> } = {}
): Promise<Answer> {
  const [method = 'GET', path = ''] = what.split(' ');
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(given.token ? { authorization: `Bearer ${given.token}` } : {}),
      ...(given.buyer ? { 'x-buyer-token': given.buyer } : {}),
      ...(given.cookie ? { cookie: given.cookie } : {}),
      ...(given.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...given.headers
    },
    ...(given.body === undefined ? {} : { body: JSON.stringify(given.body) })
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return {
    ...{ status: response.status, headers: response.headers, text },
    body: isJson ? (JSON.parse(text) as Record<string, unknown>) : null
  };
}
