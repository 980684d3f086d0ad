import { randomUUID } from 'node:crypto';
import type { Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ShowNotice } from '../../src/lib/domain/protocol.ts';
import { isRefusal } from '../../src/lib/domain/refusal.ts';
import { startServer, type Running } from '../../server/serve.ts';
import { ownRedis, type OwnRedis } from './own-redis.ts';
import { makeShow } from './shows.ts';
import { makeConfig } from './stack.ts';
import { hold, noPages, say, until, visitorsOf, wait, type Ack } from './visitors.ts';

/** Two nodes on one Redis and one Postgres, and real sockets on both. */
let nodes: [Running, Running];
let redis: OwnRedis;

beforeAll(async () => {
  redis = await ownRedis();
  const config = await makeConfig({ REDIS_URL: redis.url, WORKER: 'separate' });
  nodes = [await startServer(config, noPages), await startServer(config, noPages)];
});
afterEach(() => {
  leaveAll();
});
afterAll(async () => {
  await Promise.all(nodes.map((node) => node.close()));
  await redis.stop();
});

const { connect, guest, watch, leaveAll } = visitorsOf(() => nodes);
const show = (capacity = 120) => makeShow(nodes[0].app.db, capacity);

describe('watching a show', () => {
  it('shows a seat clicked on one node on the other, within moments', async () => {
    const at = await show();
    const [one, two] = [await watch(0, at), await watch(1, at)];
    expect(await hold(one.socket, at, [5, 6])).toMatchObject({ ok: true, hold: { seats: [5, 6] } });
    await until(() => two.map.state(5) === 1 && two.map.state(6) === 1 && one.map.state(5) === 1);
    expect(await say(one.socket, 'seats:release', { showId: at.id, seats: [6] })).toMatchObject({ ok: true });
    await until(() => two.map.state(6) === 0);
  });

  it('sends at most one frame a tick, however many seats change', async () => {
    const at = await show(200);
    const viewer = await watch(0, at);
    const buyers = await Promise.all(Array.from({ length: 20 }, (_, n) => guest(n % 2 === 0 ? 0 : 1)));
    const started = performance.now();
    await Promise.all(buyers.map((buyer, n) => hold(buyer, at, [n * 4, n * 4 + 1])));
    await until(() => viewer.map.state(77) === 1);
    const ticks = Math.ceil((performance.now() - started) / 50) + 1;
    expect(viewer.frames.length).toBeLessThanOrEqual(ticks);
    for (const frame of viewer.frames) {
      expect(Object.keys(frame).filter((key) => !['showId', 'epoch', 'from', 'to', 'held'].includes(key))).toEqual([]);
    }
  });

  it('brings a returning viewer up to date with what was missed, not with the whole map', async () => {
    const at = await show();
    const other = await watch(0, at);
    const viewer = await watch(1, at);
    const { epoch, version } = viewer.map;
    await hold(other.socket, at, [9]);
    await until(() => viewer.map.state(9) === 1);
    const answer = await say(viewer.socket, 'show:watch', { showId: at.id, epoch, version });
    expect(answer).toMatchObject({ ok: true, changes: { from: version, held: [9] } });
    expect(answer['map']).toBeUndefined();
    expect((await say(viewer.socket, 'show:watch', { showId: at.id, epoch: epoch + 1, version }))['map']).toBeDefined();
  });

  it('tells nobody who holds a seat', async () => {
    const at = await show();
    const [one, two] = [await watch(0, at), await watch(1, at)];
    const heard: string[] = [];
    two.socket.onAny((...args: unknown[]) => heard.push(JSON.stringify(args)));
    const answer = (await hold(one.socket, at, [3])) as unknown as { hold: { id: string } };
    await until(() => two.map.state(3) === 1);
    await wait(1300);
    expect(heard.join()).not.toMatch(new RegExp(`${answer.hold.id}|g_`));
  });

  it('shows the buyer’s hold in their other tabs, and tells them when it ends', async () => {
    const at = await show();
    const { token } = nodes[0].app.accounts.issueBuyer();
    const [tab, other] = [await connect(0, { buyerToken: token }), await connect(1, { buyerToken: token })];
    await watch(0, at, tab);
    await watch(1, at, other);
    const holds: unknown[] = [];
    other.on('hold', (event: unknown) => holds.push(event));
    await hold(tab, at, [1, 2]);
    await until(() => holds.length > 0);
    expect(holds.at(-1)).toMatchObject({ showId: at.id, hold: { seats: [1, 2] } });
  });

  it('tells a tab nothing of its own click, however late the log is read, and all of what others do in its name', async () => {
    const slow = await startServer({ ...nodes[0].app.config, liveTickMs: 1200 }, noPages);
    const visitors = visitorsOf(() => [slow]);
    try {
      const at = await show();
      const { token, buyer } = slow.app.accounts.issueBuyer();
      const tab = await visitors.connect(0, { buyerToken: token });
      const { map } = await visitors.watch(0, at, tab);
      const holds: unknown[] = [];
      tab.on('hold', (event: unknown) => holds.push(event));
      await hold(tab, at, [1, 2]);
      await until(() => map.state(1) === 1);
      await say(tab, 'seats:release', { showId: at.id, seats: [2] });
      await until(() => map.state(2) === 0);
      expect(holds).toEqual([]);
      // A program of the same buyer's, which is no tab.
      await slow.app.seats.hold(at.id, buyer, [5], 'elsewhere');
      await until(() => holds.length > 0);
      expect(holds).toMatchObject([{ hold: { seats: [1, 5] } }]);
    } finally {
      visitors.leaveAll();
      await slow.close();
    }
  });

  it('reads the map again, under a new epoch, when Redis has lost it', async () => {
    const at = await show();
    const viewer = await watch(0, at);
    const ended: unknown[] = [];
    viewer.socket.on('hold:ended', (event: unknown) => ended.push(event));
    await hold(viewer.socket, at, [4]);
    await until(() => viewer.map.state(4) === 1);
    const before = viewer.map.epoch;
    const { Redis } = await import('ioredis');
    const client = new Redis(redis.url);
    await client.flushall();
    await client.quit();
    await until(() => viewer.map.epoch > before && viewer.map.state(4) === 0, 8000);
    await until(() => ended.length > 0);
    expect(ended[0]).toEqual({ showId: at.id, reason: 'lost' });
  });

  it('carries a notice to everyone who watches, on every node, and counts them', async () => {
    const at = await show();
    const watchers = [await watch(0, at), await watch(0, at), await watch(1, at)];
    const elsewhere = await watch(1, await show());
    const heard: ShowNotice[] = [];
    for (const { socket } of [...watchers, elsewhere])
      socket.on('show:notice', (notice: ShowNotice) => heard.push(notice));
    expect(await nodes[1].app.live.notice(at.id, 'Doors open at seven.', 'info')).toBe(3);
    await until(() => heard.length === 3);
    expect(heard[0]).toMatchObject({ showId: at.id, text: 'Doors open at seven.', level: 'info' });
  });
});

describe('seats chosen for the buyer', () => {
  it('are shown on the other node, and no two buyers get the same though both nodes are asked at once', async () => {
    const at = await show(80);
    const viewer = await watch(1, at);
    const buyers = await Promise.all(Array.from({ length: 10 }, (_, n) => guest(n % 2 === 0 ? 0 : 1)));
    const answers = await Promise.all(
      buyers.map((socket, n) => say(socket, 'seats:best', { showId: at.id, count: 4, requestId: `r${n}` }))
    );
    const given = answers.map((answer) => answer['hold'] as { seats: number[] });
    for (const { seats } of given) expect((seats.at(-1) ?? 0) - (seats[0] ?? 0)).toBe(3);
    expect(new Set(given.flatMap(({ seats }) => seats)).size).toBe(40);
    await until(() => given.every(({ seats }) => seats.every((seat) => viewer.map.state(seat) === 1)));
  });

  it('are offered with the refusal of others', async () => {
    const at = await show(40);
    const [one, two] = [await watch(0, at), await watch(1, at)];
    await hold(one.socket, at, [10, 11]);
    const refused = await hold(two.socket, at, [11, 12]);
    expect(refused).toMatchObject({ ok: false, code: 'SEAT_TAKEN', seats: [11] });
    const [first] = refused['alternatives'] as number[][];
    expect(first).toEqual([12, 13]);
    expect(await hold(two.socket, at, first ?? [])).toMatchObject({ ok: true, hold: { seats: first } });
    await nodes[0].app.seats.block(at.id, [...Array(40).keys()], true);
    const late = await say(one.socket, 'seats:best', { showId: at.id, count: 1, requestId: 'late' });
    expect(late).toMatchObject({ ok: false, code: 'SEAT_TAKEN', seats: [], alternatives: [] });
  });

  it.each([
    ['none', { count: 0 }],
    ['too many', { count: 51 }],
    ['half a seat', { count: 1.5 }],
    ['an unknown tier', { count: 2, tier: 'royal' }],
    ['an unknown wish', { count: 2, window: true }]
  ])('are refused to who asks for %s', async (_, wish) => {
    const at = await show(40);
    const answer = await say(await guest(0), 'seats:best', { showId: at.id, requestId: 'r', ...wish });
    expect(answer).toMatchObject({ ok: false, code: 'INVALID' });
  });

  it('are not for sockets that may only watch', async () => {
    const at = await show(40);
    const answer = await say(await connect(0), 'seats:best', { showId: at.id, count: 2, requestId: 'r' });
    expect(answer).toMatchObject({ ok: false, code: 'UNAUTHENTICATED' });
  });

  it('closes all sockets of a user who signs out everywhere, on every node, and nobody else’s', async () => {
    const { app } = nodes[0];
    const credentials = { email: `${randomUUID()}@sign.example`, password: 'a long enough password', name: 'Ada' };
    const signed = await app.accounts.signUp(credentials, null);
    if (isRefusal(signed)) throw new Error(signed.message);
    const sockets = [await connect(0, { token: signed.token }), await connect(1, { token: signed.token })];
    const other = await guest(1);
    app.live.signOutEverywhere(signed.user.id);
    await until(() => sockets.every((socket) => !socket.connected));
    expect(other.connected).toBe(true);
  });
});

describe('what a socket may not do', () => {
  it('lets a socket without an identity watch, but not hold', async () => {
    const at = await show();
    const socket = await connect(0);
    expect((await say(socket, 'show:watch', { showId: at.id })).ok).toBe(true);
    expect(await hold(socket, at, [1])).toMatchObject({ ok: false, code: 'UNAUTHENTICATED' });
  });

  it.each([['http://evil.example'], ['null'], ['http://127.0.0.1.evil.example']])(
    'refuses the origin %s',
    async (origin) => {
      await expect(connect(0, {}, { origin })).rejects.toThrow();
    }
  );

  it('refuses cookies that come without an origin', async () => {
    await expect(connect(0, {}, { cookie: 'fullhouse_session=x' })).rejects.toThrow();
  });

  it.each([
    ['a seat out of range', { seats: [120] }, 'INVALID'],
    ['a seat far out of range', { seats: [2_000_000] }, 'INVALID'],
    ['51 seats', { seats: Array.from({ length: 51 }, (_, n) => n) }, 'INVALID'],
    ['a seat twice', { seats: [1, 1] }, 'INVALID'],
    ['no list', { seats: 'all' }, 'INVALID'],
    ['an empty list', { seats: [] }, 'INVALID'],
    ['a nested list', { seats: [[[1]]] }, 'INVALID'],
    ['half a seat', { seats: [1.5] }, 'INVALID'],
    ['an unknown field', { seats: [1], price: 1 }, 'INVALID'],
    ['a show that does not exist', { seats: [1], showId: 'zzzzzzzzzzzz' }, 'NOT_FOUND'],
    ['an id that is none', { seats: [1], showId: '../../etc' }, 'INVALID']
  ])('refuses %s', async (_, payload, code) => {
    const at = await show();
    const socket = await guest(0);
    const answer = await say(socket, 'seats:hold', { showId: at.id, requestId: 'r', ...payload });
    expect(answer).toMatchObject({ ok: false, code });
    expect(await hold(socket, at, [1])).toMatchObject({ ok: true });
  });

  it('refuses unknown commands, and the names that every object has', async () => {
    const socket = await guest(0);
    for (const name of ['toString', '__proto__', 'constructor', 'seats:steal']) {
      expect(await say(socket, name, {})).toMatchObject({ ok: false, code: 'INVALID' });
    }
  });

  it('closes a socket that sends no ack, or a frame of 100 kB, and lives on', async () => {
    const at = await show();
    for (const send of [
      (socket: Socket) => socket.emit('seats:hold', { showId: at.id, seats: [1], requestId: 'r' }),
      (socket: Socket) => socket.emit('show:watch', { showId: 'x'.repeat(100_000) }, () => undefined)
    ]) {
      const socket = await guest(0);
      const closed = new Promise((resolve) => socket.once('disconnect', resolve));
      send(socket);
      await closed;
    }
    expect(await hold(await guest(0), at, [1])).toMatchObject({ ok: true });
  });

  it('slows down a socket that is too fast, and cuts off one that floods', async () => {
    const at = await show();
    const socket = await guest(0);
    const answers = await Promise.all(Array.from({ length: 40 }, () => say(socket, 'show:unwatch', { showId: at.id })));
    expect(answers.filter(({ code }) => code === 'RATE_LIMITED').length).toBeGreaterThan(0);
    const flooder = await guest(0);
    const closed = new Promise((resolve) => flooder.once('disconnect', resolve));
    for (let n = 0; n < 10_000; n++) flooder.emit('show:unwatch', { showId: at.id }, () => undefined);
    await closed;
  });
});

describe('while Redis is away', () => {
  it('answers BUSY to a hold, keeps the sockets, and goes on when Redis is back', async () => {
    const at = await show();
    const viewer = await watch(0, at);
    const sight: unknown[] = [];
    viewer.socket.on('show:changed', ({ live }: { live?: boolean }) => sight.push(live));
    process.kill(redis.pid, 'SIGSTOP');
    try {
      // Whoever only looks must know that what they see may be old.
      await until(() => sight.includes(false), 10_000);
      const answer = await hold(viewer.socket, at, [1]);
      expect(answer).toMatchObject({ ok: false, code: 'BUSY' });
      expect((await nodes[0].app.health()).ok).toBe(false);
    } finally {
      process.kill(redis.pid, 'SIGCONT');
    }
    await until(() => viewer.socket.connected);
    let answer: Ack = { ok: false };
    for (let n = 0; n < 50 && !answer.ok; n++) {
      answer = await hold(viewer.socket, at, [2]);
      await wait(100);
    }
    expect(answer.ok).toBe(true);
    await until(() => viewer.map.state(2) === 1);
    await until(() => sight.at(-1) === true);
  });
});
