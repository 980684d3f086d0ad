import type { Server, Socket } from 'socket.io';
import type { ServerEvents } from '#domain/protocol.ts';

/**
 * Sends an event to everyone in a room of this node: encoded once, and handed straight to each WebSocket. Socket.IO's
 * own broadcast encodes once too, but takes every copy through Engine.IO's queue, events and callbacks, which cost half
 * as much again as the sending itself (measured: 16.8 µs of CPU a viewer against 10.2 of bare ws).
 */
export function createRoomFrames(io: Server) {
  return <E extends keyof ServerEvents>(room: string, event: E, payload: ServerEvents[E]): void => {
    const members = io.sockets.adapter.rooms.get(room);
    if (!members) return;
    // Engine.IO "message", Socket.IO "event", in the namespace that needs no name.
    const bytes = Buffer.from(`42${JSON.stringify([event, payload])}`);
    for (const id of members) {
      const socket = io.sockets.sockets.get(id);
      if (!socket) continue;
      const wire = idleWire(socket);
      if (wire) wire.send(bytes, AS_TEXT);
      else socket.emit(event, payload);
    }
  };
}

const AS_TEXT = { binary: false };

interface Wire {
  send(bytes: Buffer, options: { binary: boolean }): void;
}

/**
 * The socket's WebSocket while nothing waits in Engine.IO's queue, or null: whatever waits there must go first, such as
 * the map that this very frame continues.
 */
function idleWire(socket: Socket): Wire | null {
  const { conn } = socket;
  if (conn.readyState !== 'open') return null;
  const waiting: unknown = Reflect.get(conn, 'writeBuffer');
  if (!Array.isArray(waiting) || waiting.length > 0) return null;
  const wire: unknown = Reflect.get(conn.transport, 'socket');
  return isWire(wire) ? wire : null;
}

const isWire = (wire: unknown): wire is Wire =>
  typeof wire === 'object' && wire !== null && 'send' in wire && typeof wire.send === 'function';
