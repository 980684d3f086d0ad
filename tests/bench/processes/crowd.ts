import { once } from 'node:events';
import { WebSocket } from 'ws';
import { clock, inFlight } from '../bench.ts';
import { answerParent } from '../../../server/child.ts';
import { openWire, type Wire } from '../wire.ts';

/** Many clients in one process: they watch and note when which frame came, or they click. */
const wires: Wire[] = [];
const listeners: WebSocket[] = [];
const OPENING_AT_ONCE = 50;

/** One frame as the crowd saw it: how many have it, and when the first and the last of them got it. */
export interface Heard {
  text: string;
  count: number;
  first: number;
  last: number;
}
const frames = new Map<string, Heard>();

function note(text: string) {
  const now = clock();
  const known = frames.get(text);
  if (!known) frames.set(text, { text, count: 1, first: now, last: now });
  else {
    known.count++;
    known.last = now;
  }
}

export interface Opening {
  url: string;
  count: number;
  /** Buyer tokens, one a client; without them the clients may only watch. */
  tokens?: readonly string[];
}
export interface Clicks {
  shows: readonly string[];
  width: number;
}

const api = {
  /** Opens sockets of the service (or of bare Socket.IO). */
  async open({ url, count, tokens }: Opening): Promise<void> {
    await inFlight(count, OPENING_AT_ONCE, async (n) => {
      const token = tokens?.[n];
      const wire = await openWire(url, token === undefined ? {} : { buyerToken: token }, (text) => {
        if (text.startsWith('["seats"')) note(text);
      });
      wires.push(wire);
    });
  },

  /** Everyone watches the show; answers the bytes of the last answer. */
  async watch({ show }: { show: string }): Promise<number> {
    await inFlight(wires.length, OPENING_AT_ONCE, async (n) => {
      const answer = await wires[n]?.say('show:watch', JSON.stringify({ showId: show }));
      if (!answer?.includes('"ok":true')) throw new Error(`show:watch was answered ${String(answer)}`);
    });
    return wires[0]?.ackBytes() ?? 0;
  },

  /** Opens bare WebSockets. */
  async listen({ url, count }: Opening): Promise<void> {
    await inFlight(count, OPENING_AT_ONCE, async () => {
      const socket = new WebSocket(url, { perMessageDeflate: false });
      socket.on('message', (data: Buffer) => note(data.toString()));
      await once(socket, 'open');
      listeners.push(socket);
    });
  },

  /** What was heard since the last call, in the order of coming. */
  heard(): Heard[] {
    const all = [...frames.values()];
    frames.clear();
    return all;
  },

  /** Client n clicks seat n of every show, `width` clicks under way at any time. */
  async click({ shows, width }: Clicks): Promise<void> {
    await inFlight(shows.length * wires.length, width, async (n) => {
      const seat = n % wires.length;
      const command = { showId: shows[Math.floor(n / wires.length)], seats: [seat], requestId: `request-${n}` };
      const answer = await wires[seat]?.say('seats:hold', JSON.stringify(command));
      if (!answer?.startsWith('[{"') || !answer.includes('"ok":true')) throw new Error(`refused: ${String(answer)}`);
    });
  },

  close(): void {
    for (const wire of wires.splice(0)) wire.close();
    for (const socket of listeners.splice(0)) socket.terminate();
    frames.clear();
  }
};
export type CrowdApi = typeof api;
answerParent(api);
