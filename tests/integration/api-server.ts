import { createServer, type AddressInfo } from 'node:net';
import { APP_KEY } from '../../server/app.ts';
import type { Config } from '../../server/config.ts';
import { createLog } from '../../server/log.ts';
import { startServer, type Running } from '../../server/serve.ts';
import { watchAnswers } from './contract.ts';

/**
 * The whole service over real HTTP: the server of production with the pages as they are built (see services.ts). Every
 * answer of its API is held against the OpenAPI document.
 */
export async function startApi(config: Config): Promise<Running> {
  const port = await freePort();
  // A configuration without an origin of its own does not know the port yet.
  const origin = config.origin.endsWith(':0') ? `http://127.0.0.1:${port}` : config.origin;
  const running = await startServer({ ...config, port, origin }, { log: createLog(config.logLevel, false) });
  Reflect.set(globalThis, APP_KEY, running.app);
  watchAnswers(running.url);
  return running;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      // It listens on a port, not on a path.
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
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
