import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * The proxy before the nodes, as docker-compose.yml's Caddy does it: a node that does not say yes at /readyz gets nothing
 * new, a request that found nobody is tried on the other for five seconds, and what is open stays where it is.
 */
export interface Balancer {
  url: string;
  /** The ports of the nodes that get what is new, as it knows it. */
  ready(): readonly number[];
  close(): Promise<void>;
}

const LOOK_EVERY_MS = 250;
const LOOK_WITHIN_MS = 1500;
const TRY_FOR_MS = 5000;
const BODY_AT_MOST = 1024 * 1024;

export const isReady = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(LOOK_WITHIN_MS) }).then(
    async (answer) => {
      await answer.arrayBuffer();
      return answer.ok;
    },
    () => false
  );

export async function openBalancer(ports: readonly number[]): Promise<Balancer> {
  const ready = new Set<number>();
  const open = new Set<Socket>();
  let turn = 0;
  let closed = false;

  for (const port of ports) {
    void (async () => {
      for (; !closed; await pause(LOOK_EVERY_MS)) {
        if (await isReady(port)) ready.add(port);
        else ready.delete(port);
      }
    })();
  }

  /** The next node that is ready and not among those that were tried; null when five seconds brought none. */
  async function next(tried: ReadonlySet<number>, since: number): Promise<number | null> {
    for (; performance.now() - since < TRY_FOR_MS; await pause(50)) {
      const all = ports.filter((port) => ready.has(port));
      const fresh = all.filter((port) => !tried.has(port));
      const pick = fresh[turn++ % Math.max(1, fresh.length)] ?? null;
      if (pick !== null) return pick;
      if (all.length > 0 && tried.size > 0) return all[turn % all.length] ?? null;
    }
    return null;
  }

  async function serve(request: IncomingMessage, response: ServerResponse) {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      if ((size += chunk.length) > BODY_AT_MOST) return void response.writeHead(413).end();
      chunks.push(chunk);
    }
    const body = Buffer.concat(chunks);
    const since = performance.now();
    const tried = new Set<number>();
    for (;;) {
      const port = await next(tried, since);
      if (port === null) return void response.writeHead(503, { 'content-type': 'text/plain' }).end('no node is ready');
      tried.add(port);
      const outcome = await pass(request, body, response, port);
      if (outcome === 'answered') return;
      if (outcome === 'broken') return void (response.headersSent ? response.destroy() : response.writeHead(502).end());
      ready.delete(port);
    }
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  server.on('upgrade', (request: IncomingMessage, near: Socket, head: Buffer) => {
    near.on('error', () => near.destroy());
    void upgrade(request, near, head).catch(() => near.destroy());
  });

  async function upgrade(request: IncomingMessage, near: Socket, head: Buffer) {
    const since = performance.now();
    const tried = new Set<number>();
    for (;;) {
      const port = await next(tried, since);
      if (port === null || near.destroyed) return void near.destroy();
      tried.add(port);
      const far = await reach(port);
      if (!far) {
        ready.delete(port);
        continue;
      }
      const lines = [`${request.method ?? 'GET'} ${request.url ?? '/'} HTTP/1.1`];
      for (let n = 0; n < request.rawHeaders.length; n += 2)
        lines.push(`${request.rawHeaders[n] ?? ''}: ${request.rawHeaders[n + 1] ?? ''}`);
      far.write(`${lines.join('\r\n')}\r\n\r\n`);
      far.write(head);
      for (const [from, to] of [
        [near, far],
        [far, near]
      ] as const) {
        from.pipe(to);
        from.on('close', () => to.destroy());
        from.on('error', () => to.destroy());
      }
      return;
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    ready: () => [...ready],
    close() {
      closed = true;
      for (const socket of open) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    }
  };
}

/** 'nobody': the node was not there and has heard nothing, so another may be asked. */
function pass(
  { method, url, headers }: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
  port: number
): Promise<'answered' | 'nobody' | 'broken'> {
  return new Promise((resolve) => {
    const far = ask({ host: '127.0.0.1', port, method, path: url, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.on('end', () => resolve('answered'));
      answer.on('error', () => resolve('broken'));
    });
    far.on('error', (error) => resolve('code' in error && error.code === 'ECONNREFUSED' ? 'nobody' : 'broken'));
    response.on('close', () => far.destroy());
    far.end(body);
  });
}

const reach = (port: number): Promise<Socket | null> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(null));
  });
