import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { addListeners } from './listeners.ts';
import { createLog } from './log.ts';

const closers: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function listening(): Promise<Server> {
  const server = createServer((_, response) => response.end('here'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return server;
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;

/** How many turns of a busy event loop pass until `count` callers who came at once are let in. */
async function turnsToLetIn(server: Server, count: number): Promise<number> {
  let admitted = 0;
  server.on('connection', () => admitted++);
  const callers = Array.from({ length: count }, () => connect(portOf(server), '127.0.0.1').on('error', () => {}));
  closers.push(() => callers.forEach((caller) => caller.destroy()));
  let turns = 0;
  while (admitted < count && turns < 10 * count) {
    turns++;
    for (const end = performance.now() + 2; performance.now() < end;);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(admitted).toBe(count);
  return turns;
}

describe('addListeners', () => {
  it('lets many in at each turn of the event loop, where Node lets in one', async () => {
    const bare = await turnsToLetIn(await listening(), 96);
    const server = await listening();
    const more = await addListeners(server, createLog('fatal', false));
    closers.push(() => more.close());
    expect(await turnsToLetIn(server, 96)).toBeLessThan(bare / 3);
  });

  it('answers over every handle, and over none once it is closed', async () => {
    const server = await listening();
    const url = `http://127.0.0.1:${portOf(server)}`;
    const more = await addListeners(server, createLog('fatal', false));
    const answers = await Promise.all(
      Array.from({ length: 40 }, async () => (await fetch(url, { headers: { connection: 'close' } })).text())
    );
    expect(new Set(answers)).toEqual(new Set(['here']));
    await Promise.all([more.close(), new Promise<void>((resolve) => server.close(() => resolve()))]);
    await expect(fetch(url)).rejects.toThrow();
  });
});
