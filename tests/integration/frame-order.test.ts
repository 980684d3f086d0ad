import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { io as open, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRoomFrames } from '../../server/live/room-frames.ts';

/** Frames take a shorter way to a viewer's WebSocket than answers do. */
const ROOM = 'show:abcdefghijkl';
let http: HttpServer;
let io: Server;
let viewers: Socket[];

beforeAll(async () => {
  http = createServer();
  io = new Server(http, { transports: ['websocket'], perMessageDeflate: false });
  io.on('connection', (socket) => void socket.join(ROOM));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  viewers = [1, 2].map(() => open(url, { transports: ['websocket'], forceNew: true, reconnection: false }));
  await Promise.all(viewers.map((viewer) => new Promise<void>((resolve) => viewer.once('connect', () => resolve()))));
});
afterAll(async () => {
  for (const viewer of viewers) viewer.disconnect();
  await io.close();
});

describe('a frame to a room', () => {
  it('reaches everyone there as the event it is, and nobody else', async () => {
    const heard = viewers.map((viewer) => new Promise((resolve) => viewer.once('viewers', resolve)));
    const frame = { showId: 'abcdefghijkl', count: 2 };
    createRoomFrames(io)('show:000000000000', 'viewers', { showId: '000000000000', count: 9 });
    createRoomFrames(io)(ROOM, 'viewers', frame);
    expect(await Promise.all(heard)).toEqual([frame, frame]);
  });

  it('never overtakes a map that is still on its way', async () => {
    const [viewer] = viewers;
    if (!viewer) throw new Error('no viewer');
    const heard: string[] = [];
    viewer.onAny((name: string) => heard.push(name));
    const last = new Promise((resolve) => viewer.once('last', resolve));
    // The bytes of the map are a packet of their own, which waits in a queue until the one before it has left.
    io.to(ROOM).emit('map', Buffer.alloc(25_000));
    createRoomFrames(io)(ROOM, 'viewers', { showId: 'abcdefghijkl', count: 2 });
    io.to(ROOM).emit('last');
    await last;
    expect(heard).toEqual(['map', 'viewers', 'last']);
  });
});
