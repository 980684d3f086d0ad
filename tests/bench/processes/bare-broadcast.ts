import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { clock, sleep } from '../bench.ts';
import { answerParent, usage } from '../../../server/child.ts';

/** A WebSocket server that sends the same bytes to everyone: the least that a broadcast can cost here. */
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
await new Promise((resolve) => server.once('listening', resolve));
const { port } = server.address() as AddressInfo;

export interface Broadcasts {
  text: string;
  times: number;
  everyMs: number;
}

const api = {
  url: () => `ws://127.0.0.1:${port}`,
  usage,
  /** Answers when each broadcast began. A number goes before the text, so that listeners can tell them apart. */
  async broadcast({ text, times, everyMs }: Broadcasts): Promise<number[]> {
    const began: number[] = [];
    const start = clock();
    for (let n = 0; n < times; n++) {
      await sleep(Math.max(0, start + n * everyMs - clock()));
      const bytes = Buffer.from(`${String(n).padStart(4, '0')}${text.slice(4)}`);
      began.push(clock());
      for (const client of server.clients as Set<WebSocket>) client.send(bytes, { binary: false });
    }
    return began;
  }
};
export type BareBroadcastApi = typeof api;
answerParent(api, () => server.close());
