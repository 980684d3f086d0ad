import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { isReady } from './service-process.ts';
import { wait } from './visitors.ts';

/**
 * The proxy before the nodes, no more forgiving than that of docker-compose.yml: a node that does not say yes at /readyz
 * gets nothing new, they take turns, a request that found nobody is tried on another, and what is open stays where it is.
 */
export interface Proxy {
  url: string;
  add(node: string): void;
  remove(node: string): void;
  close(): Promise<void>;
}

const LOOK_EVERY_MS = 100;
const BODY_AT_MOST = 1024 * 1024;

/** For `tryForMs` a request waits for a node that is ready; left out, it is refused when there is none. */
export async function openProxy({ port = 0, tryForMs = 0 }: { port?: number; tryForMs?: number }): Promise<Proxy> {
  const nodes = new Map<string, boolean>();
  const open = new Set<Socket>();
  let turn = 0;

  /** One look at a time for each node: one that does not answer must not be asked a hundred times. */
  async function lookAt(node: string): Promise<void> {
    while (nodes.has(node)) {
      const ready = await isReady(node);
      if (nodes.has(node)) nodes.set(node, ready);
      await wait(LOOK_EVERY_MS);
    }
  }

  /** The next node that is ready and that this request has not tried, or not just now; null when there is none in time. */
  async function next(tried: Set<string>, since: number): Promise<URL | null> {
    for (;;) {
      const ready = [...nodes].filter(([node, is]) => is && !tried.has(node)).map(([node]) => node);
      const pick = ready[turn++ % Math.max(1, ready.length)];
      if (pick !== undefined) return new URL(pick);
      if (performance.now() - since >= tryForMs) return null;
      await wait(LOOK_EVERY_MS);
      tried.clear();
    }
  }

  /** Lets `use` have one node after the other, until one was there. Answers false when there was none. */
  async function withNode(use: (node: URL) => Promise<boolean>): Promise<boolean> {
    const since = performance.now();
    const tried = new Set<string>();
    for (let node = await next(tried, since); node; node = await next(tried, since)) {
      if (await use(node)) return true;
      tried.add(node.origin);
    }
    return false;
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      if ((size += chunk.length) > BODY_AT_MOST) return void response.writeHead(413).end();
      chunks.push(chunk);
    }
    const body = Buffer.concat(chunks);
    if (!(await withNode((node) => pass(request, body, response, node))))
      response.writeHead(503, { 'content-type': 'text/plain' }).end('no node is ready');
  }

  async function upgrade(request: IncomingMessage, near: Socket, head: Buffer): Promise<void> {
    const found = await withNode(async (node) => {
      const far = near.destroyed ? null : await reach(node);
      if (far) join(request, head, near, far);
      return far !== null;
    });
    if (!found) near.destroy();
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
    upgrade(request, near, head).catch(() => near.destroy());
  });
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}`,
    add(url) {
      const node = new URL(url).origin;
      nodes.set(node, true);
      void lookAt(node);
    },
    remove: (url) => void nodes.delete(new URL(url).origin),
    close() {
      nodes.clear();
      for (const socket of open) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    }
  };
}

/** False: nobody was there and nobody has heard anything, so another may be asked. */
function pass(from: IncomingMessage, body: Buffer, response: ServerResponse, node: URL): Promise<boolean> {
  const { method, url, headers } = from;
  return new Promise((resolve) => {
    const to = { host: node.hostname, port: node.port, method, path: url, headers, agent: false };
    const far = ask(to, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.on('error', () => response.destroy());
      answer.on('close', () => resolve(true));
    });
    far.on('error', (error) => {
      if ('code' in error && error.code === 'ECONNREFUSED') return resolve(false);
      // It may have been done, and only the answer was lost: that is the client's to find out.
      if (response.headersSent) response.destroy();
      else response.writeHead(502).end(String(error));
      resolve(true);
    });
    response.on('close', () => far.destroy());
    far.end(body);
  });
}

const reach = (node: URL): Promise<Socket | null> =>
  new Promise((resolve) => {
    const socket = connect(Number(node.port), node.hostname);
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(null));
  });

function join({ method, url, rawHeaders }: IncomingMessage, head: Buffer, near: Socket, far: Socket): void {
  const lines = [`${method} ${url} HTTP/1.1`];
  for (let n = 0; n < rawHeaders.length; n += 2) lines.push(`${rawHeaders[n]}: ${rawHeaders[n + 1]}`);
  far.write(`${lines.join('\r\n')}\r\n\r\n`);
  far.write(head);
  near.pipe(far).pipe(near);
  for (const socket of [near, far])
    socket.on('close', () => [near, far].forEach((each) => each.destroy())).on('error', () => socket.destroy());
}
