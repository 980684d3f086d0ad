import { randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { expect } from 'vitest';
import { socketCommands } from '../../src/lib/domain/api/sockets.ts';
import { LiveMap } from '../../src/lib/domain/live-map.ts';
import type { SeatsFrame, VersionEvent, WatchAnswer } from '../../src/lib/domain/protocol.ts';
import { createBuyerTokens } from '../../server/accounts/buyer-token.ts';
import type { MadeShow } from './shows.ts';
import { TEST_SECRET } from './configuration.ts';
import { wrongMessage } from './contract.ts';

/** Sockets as visitors open them, on any of the nodes, and the map that each of them sees. */
export type Ack = Record<string, unknown> & { ok: boolean; code?: string };

export interface Watcher {
  socket: Socket;
  map: LiveMap;
  /** The frames that arrived. */
  frames: SeatsFrame[];
}

/** A machine that others use too stands still for a second now and then. */
const BUSY_AT_MOST = 20;
const AGAIN_MS = 250;

export const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export async function until(what: () => boolean, ms = 3000) {
  const started = performance.now();
  while (!what()) {
    if (performance.now() - started > ms) throw new Error('it did not happen in time');
    await wait(10);
  }
}

/** The answer is held against the AsyncAPI document. */
export async function say(socket: Socket, name: string, payload: unknown): Promise<Ack> {
  const ack = (await socket.timeout(5000).emitWithAck(name, payload)) as Ack;
  // A name that is no command of ours is described nowhere.
  const wrong = Object.hasOwn(socketCommands, name) ? wrongMessage('Ack', name, ack) : null;
  if (wrong) throw new Error(wrong);
  return ack;
}

export const hold = (socket: Socket, show: MadeShow, seats: readonly number[]) =>
  say(socket, 'seats:hold', { showId: show.id, seats, requestId: randomUUID() });

/** A test may start nodes of its own: pages are not what it looks at. */
export const noPages = { handler: (_: unknown, response: { end(): void }) => void response.end() };

export function visitorsOf(nodes: () => readonly { url: string }[]) {
  const tokens = createBuyerTokens(TEST_SECRET);
  const open: Socket[] = [];
  const nodeOf = (n: number) => {
    const node = nodes()[n];
    if (!node) throw new Error(`there is no node ${n}`);
    return node;
  };

  function connect(node: number, auth: object = {}, headers: Record<string, string> = {}): Promise<Socket> {
    const socket = io(nodeOf(node).url, {
      ...{ transports: ['websocket'], auth, extraHeaders: headers, forceNew: true, reconnection: false }
    });
    open.push(socket);
    socket.onAny((event: string, payload: unknown) => {
      const wrong = wrongMessage('Event', event, payload);
      if (wrong) throw new Error(wrong);
    });
    return new Promise((resolve, reject) => {
      socket.once('connect', () => resolve(socket));
      socket.once('connect_error', reject);
    });
  }
  const guest = (node: number) => connect(node, { buyerToken: tokens.issue().token });

  /** `loses` says of each frame whether it gets lost on the way. */
  async function watch(
    node: number,
    show: MadeShow,
    existing?: Socket,
    loses: (frame: SeatsFrame) => boolean = () => false
  ): Promise<Watcher> {
    const socket = existing ?? (await guest(node));
    const map = new LiveMap();
    const frames: SeatsFrame[] = [];
    const again = async () => {
      const answer = await say(socket, 'show:watch', { showId: show.id, epoch: map.epoch, version: map.version });
      if (answer.ok) map.snapshot(answer as unknown as WatchAnswer);
    };
    socket.on('seats', (frame: SeatsFrame) => {
      if (loses(frame)) return;
      frames.push(frame);
      if (map.frame(frame) === 'gap') void again();
    });
    socket.on('version', (event: VersionEvent) => {
      if (map.check(event) === 'gap') void again();
    });
    let first = await say(socket, 'show:watch', { showId: show.id });
    // As the page does: where Redis was too slow to answer, it is asked again.
    for (let n = 0; first.code === 'BUSY' && n < BUSY_AT_MOST; n++) {
      await wait(AGAIN_MS);
      first = await say(socket, 'show:watch', { showId: show.id });
    }
    expect(first).toMatchObject({ ok: true });
    map.snapshot(first as unknown as WatchAnswer);
    return { socket, map, frames };
  }

  return {
    ...{ connect, guest, watch },
    leaveAll() {
      for (const socket of open.splice(0)) socket.disconnect();
    }
  };
}
