import { io, type Socket } from 'socket.io-client';
import { answerParent } from '../../../server/child.ts';

/** Viewers that stop reading, and go on asking for the whole map: what they are sent piles up somewhere. */
const EVERY_MS = 1000;
const AT_ONCE = 10;
const sockets: Socket[] = [];
let timer: NodeJS.Timeout | undefined;

function open(url: string): Promise<Socket | null> {
  const socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false });
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(socket));
    socket.once('connect_error', () => resolve(null));
  });
}

function stopReading(socket: Socket): void {
  const websocket: unknown = Reflect.get(socket.io.engine.transport, 'ws');
  const raw: unknown = typeof websocket === 'object' && websocket ? Reflect.get(websocket, '_socket') : undefined;
  if (typeof raw !== 'object' || raw === null || !('pause' in raw) || typeof raw.pause !== 'function')
    throw new Error('a socket cannot be told to stop reading any more: mend this fault');
  Reflect.apply(raw.pause, raw, []);
}

const api = {
  async open({ url, show, sockets: wanted }: { url: string; show: string; sockets: number }): Promise<number> {
    for (let n = 0; n < wanted; n += AT_ONCE) {
      const some = await Promise.all(Array.from({ length: Math.min(AT_ONCE, wanted - n) }, () => open(url)));
      for (const socket of some) if (socket) sockets.push(socket);
    }
    for (const socket of sockets) stopReading(socket);
    timer = setInterval(() => {
      for (const socket of sockets) if (socket.connected) socket.emit('show:watch', { showId: show }, () => undefined);
    }, EVERY_MS);
    return sockets.length;
  },
  left: (): number => sockets.filter((socket) => socket.connected).length
};
export type SlowApi = typeof api;
answerParent(api, () => {
  clearInterval(timer);
  for (const socket of sockets) socket.disconnect();
});
