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
    const frame = [textFrame(`42${JSON.stringify([event, payload])}`)];
    for (const id of members) {
      const socket = io.sockets.sockets.get(id);
      if (!socket) continue;
      const wire = idleWire(socket);
      if (wire) wire.sendFrame(frame);
      else socket.emit(event, payload);
    }
  };
}

/** A WebSocket message of text from a server, whole and in one piece (RFC 6455, 5.2): the same bytes for everyone. */
function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const head = length < 126 ? 2 : length < 0x1_0000 ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = 0x81;
  frame[1] = head === 2 ? length : head === 4 ? 126 : 127;
  if (head === 4) frame.writeUInt16BE(length, 2);
  if (head === 10) frame.writeBigUInt64BE(BigInt(length), 2);
  frame.write(text, head);
  return frame;
}

/** Of ws: puts bytes that are framed already on the connection. A list of one is one write. */
interface Wire {
  sendFrame(list: readonly Buffer[]): void;
}

/**
 * The sending side of the socket's WebSocket while nothing waits in Engine.IO's queue, or null: whatever waits there must go first, such as
 * the map that this very frame continues.
 */
function idleWire(socket: Socket): Wire | null {
  const { conn } = socket;
  if (conn.readyState !== 'open') return null;
  const waiting: unknown = Reflect.get(conn, 'writeBuffer');
  if (!Array.isArray(waiting) || waiting.length > 0) return null;
  const webSocket: unknown = Reflect.get(conn.transport, 'socket');
  if (typeof webSocket !== 'object' || !webSocket || Reflect.get(webSocket, 'readyState') !== OPEN) return null;
  const wire: unknown = Reflect.get(webSocket, '_sender');
  return isWire(wire) ? wire : null;
}

/** WebSocket.OPEN: after its close frame nothing may be sent. */
const OPEN = 1;

/** `_state` is 0 while ws has nothing of its own to finish first. */
const isWire = (wire: unknown): wire is Wire =>
  typeof wire === 'object' &&
  wire !== null &&
  '_state' in wire &&
  wire._state === 0 &&
  'sendFrame' in wire &&
  typeof wire.sendFrame === 'function';
