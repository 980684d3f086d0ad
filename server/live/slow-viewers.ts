import type { Server } from 'socket.io';
import type { Metrics } from '../metrics.ts';

/**
 * A viewer that cannot keep up must not make this node's memory grow: past LAG_BYTES of unsent frames it leaves the
 * room, and comes back with a fresh map when its buffer has drained; past DROP_BYTES, or after DROP_MS, it is closed.
 */
const LOOK_MS = 1000;
const LAG_BYTES = 256 * 1024;
const DRAINED_BYTES = 16 * 1024;
const DROP_BYTES = 4 * 1024 * 1024;
const DROP_MS = 30_000;

interface Lagging {
  rooms: string[];
  since: number;
}

/** Bytes that the socket's peer has not taken yet. Engine.IO keeps both buffers private, but nobody else knows. */
function unsent(connection: object): number {
  const transport: unknown = Reflect.get(connection, 'transport');
  const socket: unknown = transport && typeof transport === 'object' ? Reflect.get(transport, 'socket') : undefined;
  const inKernel: unknown = socket && typeof socket === 'object' ? Reflect.get(socket, 'bufferedAmount') : 0;
  const waiting: unknown = Reflect.get(connection, 'writeBuffer');
  let bytes = Number(inKernel ?? 0);
  if (Array.isArray(waiting)) {
    for (const packet of waiting as { data?: unknown }[]) {
      if (typeof packet.data === 'string') bytes += packet.data.length;
    }
  }
  return bytes;
}

export function watchSlowViewers(parts: {
  io: Server;
  isShowRoom: (room: string) => boolean;
  /** The viewer is back in these rooms and must be told to read the map again. */
  caughtUp: (socketId: string, rooms: readonly string[]) => void;
  metrics: Pick<Metrics, 'slowViewers' | 'sendBuffer'>;
}): { close(): void } {
  const { io, isShowRoom, caughtUp, metrics } = parts;
  const lagging = new Map<string, Lagging>();

  const timer = setInterval(() => {
    const now = performance.now();
    let waiting = 0;
    for (const [id, socket] of io.sockets.sockets) {
      const bytes = unsent(socket.conn);
      waiting += bytes;
      const lag = lagging.get(id);
      if (!lag && bytes > LAG_BYTES) {
        const rooms = [...socket.rooms].filter(isShowRoom);
        for (const room of rooms) void socket.leave(room);
        lagging.set(id, { rooms, since: now });
        metrics.slowViewers.inc({ action: 'set_aside' });
      } else if (lag && bytes < DRAINED_BYTES) {
        lagging.delete(id);
        for (const room of lag.rooms) void socket.join(room);
        caughtUp(id, lag.rooms);
        metrics.slowViewers.inc({ action: 'caught_up' });
      }
      if (bytes > DROP_BYTES || (lag && now - lag.since > DROP_MS)) {
        metrics.slowViewers.inc({ action: 'cut_off' });
        socket.disconnect(true);
      }
    }
    metrics.sendBuffer.set(waiting);
    for (const id of lagging.keys()) if (!io.sockets.sockets.has(id)) lagging.delete(id);
  }, LOOK_MS);

  return { close: () => clearInterval(timer) };
}
