import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { io as connect, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ShowId } from '#domain/ids.ts';
import { createRoomFrames } from './room-frames.ts';

let io: Server;
let viewer: Socket;
const http = createServer();

beforeAll(async () => {
  io = new Server(http, { transports: ['websocket'] });
  io.on('connection', (socket) => void socket.join('room'));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  viewer = connect(`http://127.0.0.1:${(http.address() as AddressInfo).port}`, { transports: ['websocket'] });
  await new Promise<void>((resolve) => viewer.once('connect', resolve));
});
afterAll(async () => {
  viewer.disconnect();
  await io.close();
});

describe('frames for a room', () => {
  const showId = 'show-1' as ShowId;
  const notice = (text: string) => ({ showId, text, level: 'info' as const, at: 1 });

  // The lengths at which a WebSocket frame writes its own length in another way, and letters of more than one byte.
  it.each([1, 40, 60, 125, 126, 200, 65_400, 65_535, 65_536, 200_000])(
    'arrive whole with a text of %i',
    async (length) => {
      const heard = new Promise((resolve) => viewer.once('show:notice', resolve));
      const sent = notice('ü'.repeat(length / 2).padEnd(length, 'x'));
      createRoomFrames(io)('room', 'show:notice', sent);
      expect(await heard).toEqual(sent);
    }
  );

  it('keep their order among themselves and with what Socket.IO sends', async () => {
    const heard: string[] = [];
    const toRoom = createRoomFrames(io);
    const all = new Promise<void>((resolve) => {
      viewer.on('show:notice', ({ text }: { text: string }) => {
        if (heard.push(text) === 60) resolve();
      });
    });
    const texts = Array.from({ length: 60 }, (_, n) => String(n));
    for (const text of texts) {
      if (Number(text) % 3 === 0) io.to('room').emit('show:notice', notice(text));
      else toRoom('room', 'show:notice', notice(text));
    }
    await all;
    expect(heard).toEqual(texts);
  });

  it('do not go to a viewer that is closing', async () => {
    const going = connect(`http://127.0.0.1:${(http.address() as AddressInfo).port}`, {
      ...{ transports: ['websocket'], forceNew: true }
    });
    await new Promise<void>((resolve) => going.once('connect', resolve));
    const errors: unknown[] = [];
    const [id = ''] = [...(io.sockets.adapter.rooms.get('room') ?? [])].slice(-1);
    const socket = io.sockets.sockets.get(id);
    socket?.conn.on('error', (error: unknown) => errors.push(error));
    const gone = new Promise<void>((resolve) => socket?.once('disconnect', () => resolve()));
    going.disconnect();
    for (let n = 0; n < 20; n++) createRoomFrames(io)('room', 'show:notice', notice('to all'));
    await gone;
    createRoomFrames(io)('room', 'show:notice', notice('to those who are left'));
    expect(errors).toEqual([]);
  });
});
