import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { isReady } from './service-process.ts';

/**
 * A proxy as small as one can be, and no more forgiving than that of docker-compose.yml: it asks every node for /readyz,
 * takes turns among those that are ready, and tries another one only when nobody answered the telephone.
 */
export interface Proxy {
  url: string;
  add(url: string): void;
  remove(url: string): void;
  close(): Promise<void>;
}

const LOOK_MS = 100;

export async function openProxy(port: number): Promise<Proxy> {
  const nodes = new Map<string, boolean>();
  const tunnels = new Set<Socket>();
  let turn = 0;
  const timer = setInterval(() => {
    for (const url of nodes.keys()) void isReady(url).then((ready) => nodes.has(url) && nodes.set(url, ready));
  }, LOOK_MS);
  const inTurn = () => {
    const ready = [...nodes].filter(([, is]) => is).map(([url]) => new URL(url));
    const first = turn++ % Math.max(1, ready.length);
    return [...ready.slice(first), ...ready.slice(0, first)];
  };

  async function forward(incoming: IncomingMessage, outgoing: ServerResponse) {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const [node, ...others] = inTurn();
    const send = (to: URL | undefined, next: URL[]) => {
      if (!to) return void outgoing.writeHead(502).end('nobody is ready');
      const { method, url: path, headers } = incoming;
      const upstream = request({ host: to.hostname, port: to.port, method, path, headers, agent: false }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      upstream.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNREFUSED') return send(next[0], next.slice(1));
        // It may have been done, and only the answer was lost: that is the client's to find out.
        if (!outgoing.headersSent) outgoing.writeHead(502);
        outgoing.end(String(error));
      });
      upstream.end(body);
    };
    send(node, others);
  }

  const server = createServer((incoming, outgoing) => void forward(incoming, outgoing));
  server.on('upgrade', (incoming: IncomingMessage, near: Socket, head: Buffer) => {
    const [node] = inTurn();
    if (!node) return void near.destroy();
    const far = connect(Number(node.port), node.hostname, () => {
      const lines = [`${incoming.method} ${incoming.url} HTTP/1.1`];
      for (let n = 0; n < incoming.rawHeaders.length; n += 2)
        lines.push(`${incoming.rawHeaders[n]}: ${incoming.rawHeaders[n + 1]}`);
      far.write(`${lines.join('\r\n')}\r\n\r\n`);
      far.write(head);
      near.pipe(far).pipe(near);
    });
    for (const socket of [near, far]) {
      tunnels.add(socket);
      socket.on('close', () => tunnels.delete(socket));
      socket.on('error', () => [near, far].forEach((each) => each.destroy()));
    }
  });
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    add: (url) => void nodes.set(url, true),
    remove: (url) => void nodes.delete(url),
    async close() {
      clearInterval(timer);
      for (const socket of tunnels) socket.destroy();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
  };
}
