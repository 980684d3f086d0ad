import { io } from 'socket.io-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Running } from '../../server/serve.ts';
import { LiveMap } from '../../src/lib/domain/live-map.ts';
import { unpackMap } from '../../src/lib/domain/map-bytes.ts';
import { watchAnswer } from '../../src/lib/domain/protocol.ts';
import { SeatState } from '../../src/lib/domain/seat-map.ts';
import { call, startApi } from './api-server.ts';
import { person } from './organizers.ts';
import { makeShow, type MadeShow } from './shows.ts';
import { makeConfig } from './stack.ts';

let running: Running;
let show: MadeShow;
beforeAll(async () => {
  running = await startApi(await makeConfig());
  show = await makeShow(running.app.db, 120);
});
afterAll(() => running.close());

async function hold(seat: number) {
  const { token } = await person(running);
  const answer = await call(running.url, `POST /shows/${show.id}/holds`, { token, body: { seats: [seat] } });
  expect(answer.status, answer.text).toBe(201);
}

it('a page draws the seats before its socket is there, and the socket brings what has happened since', async () => {
  await hold(3);
  const page = await fetch(`${running.url}/shows/${show.id}/seats.bin`);
  expect(page.headers.get('cache-control')).toBe('no-store');
  const first = unpackMap(await page.arrayBuffer());
  if (!first) throw new Error('those bytes are no map');
  const live = new LiveMap();
  expect(live.snapshot(first)).toBe('applied');
  expect([live.capacity, live.state(2), live.state(3)]).toEqual([120, SeatState.available, SeatState.held]);

  const socket = io(running.url, { transports: ['websocket'] });
  try {
    const watch = async () => {
      const known = { epoch: live.epoch, version: live.version };
      const answer: unknown = await socket.timeout(10_000).emitWithAck('show:watch', { showId: show.id, ...known });
      return watchAnswer.parse(answer);
    };
    // The first watch opens this node's own copy of the map, whose log begins there.
    const same = await watch();
    expect([same.map, same.changes]).toEqual([undefined, { from: first.version, to: first.version }]);
    await hold(4);
    const later = await fetch(`${running.url}/shows/${show.id}/seats.bin`);
    const now = unpackMap(await later.arrayBuffer());
    expect(now?.version).toBeGreaterThanOrEqual(first.version);
    await expect
      .poll(async () => {
        live.snapshot(await watch());
        return live.state(4);
      })
      .toBe(SeatState.held);
  } finally {
    socket.close();
  }
});

it('no show, no seats', async () => {
  expect((await fetch(`${running.url}/shows/abcdefghjkmn/seats.bin`)).status).toBe(404);
  expect((await fetch(`${running.url}/shows/no-id/seats.bin`)).status).toBe(404);
});
