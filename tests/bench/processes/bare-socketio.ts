import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { answerParent, usage } from '../../../server/child.ts';

/** Socket.IO with nothing behind it: acks every command at once, with an answer like the service's. */
const hold = { id: 'abcdefghijkl.abcdefghijkl', showId: 'abcdefghijkl', seats: [1000], phase: 'selecting' };
const [deadline, hardLimit] = [Date.now(), Date.now()];
const server = createServer();
const io = new Server(server, { serveClient: false, transports: ['websocket'], perMessageDeflate: false });
io.on('connection', (socket) => {
  socket.on('seats:hold', (_: unknown, ack: (answer: object) => void) => {
    ack({ hold: { ...hold, deadline, hardLimit }, ok: true });
  });
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;

const api = {
  url: () => `http://127.0.0.1:${port}`,
  usage
};
export type BareSocketIoApi = typeof api;
answerParent(api, () => io.close());
