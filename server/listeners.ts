import { fork, type SendHandle } from 'node:child_process';
import type { Server as HttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import type { Logger } from './log.ts';

/**
 * Node takes one new connection from a listening socket in each turn of its event loop (libuv 1.45 and later). A turn
 * under load takes tens of ms, so a node with plenty of time for those who are connected lets hundreds wait at the door:
 * 2,000 buyers who came within 13 s had connected after 4 s (median), and half of them gave up. With more handles of the
 * same socket, each turn takes as many as there are handles. Only a process that is sent a handle gets another one of it,
 * so a short-lived child sends them back.
 */
const HANDLES = 16;
/** The kernel keeps so many who have not been let in yet (at most net.core.somaxconn); Node's own default is 511. */
export const BACKLOG = 4096;
const CHILD_MS = 10_000;

/** Takes connections faster; where that cannot be had, says so in the log and goes on with the one handle there is. */
export async function addListeners(server: HttpServer, log: Logger): Promise<{ close(): Promise<void> }> {
  const more: Server[] = [];
  try {
    for (const handle of await copiesOf(server, HANDLES - 1)) {
      // Like the HTTP server's own: it answers on half-closed sockets, and sends small frames at once.
      const listener = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
        server.emit('connection', socket)
      );
      await new Promise<void>((resolve, reject) => {
        listener.once('error', reject);
        listener.listen(handle, BACKLOG, resolve);
      });
      more.push(listener);
    }
  } catch (error) {
    log.warn({ err: error }, 'could not add listeners: new connections are taken one at a time');
  }
  return {
    close: async () => {
      await Promise.all(more.map((listener) => new Promise<void>((resolve) => listener.close(() => resolve()))));
    }
  };
}

function copiesOf(server: HttpServer, count: number): Promise<object[]> {
  // Sent as the bare handle: a server would begin to take connections in the child.
  const handle = Reflect.get(server, '_handle') as SendHandle;
  const child = fork(join(import.meta.dirname, 'give-back.js'), { execArgv: [], env: {} });
  const copies: object[] = [];
  return new Promise<object[]>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no handles after ${CHILD_MS} ms`)), CHILD_MS);
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`${copies.length} of ${count} handles came back`)));
    child.on('message', (_, copy) => {
      copies.push(copy as object);
      if (copies.length < count) return;
      clearTimeout(late);
      resolve(copies);
    });
    child.send(count, handle, (error) => {
      if (error) reject(error);
    });
  }).finally(() => child.kill());
}
