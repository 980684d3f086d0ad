import { randomUUID } from 'node:crypto';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { createBuyerTokens } from '../../../server/accounts/buyer-token.ts';
import { startServer, type Running } from '../../../server/serve.ts';
import { TEST_SECRET } from '../configuration.ts';
import { makeBuyer, must, openHouse, type House } from '../house.ts';
import { makeShow, type MadeShow } from '../shows.ts';
import { makeConfig } from '../stack.ts';
import { noPages, say, until, visitorsOf, wait } from '../visitors.ts';

/** S18, S28: what nobody's browser would send, and what nobody is to hear. */
let node: Running;
/** Takes the payments, which come by HTTP. */
let house: House;
let show: MadeShow;
const visitors = visitorsOf(() => [node]);
const tokens = createBuyerTokens(TEST_SECRET);

/** A connection that never says who it is; opened first, for it takes its time. */
let silent: Promise<void>;

beforeAll(async () => {
  const config = await makeConfig({ LIMIT_SOCKET_COMMANDS: '1000', WORKER: 'separate' });
  node = await startServer(config, noPages);
  house = await openHouse(config);
  await house.jobs.start();
  show = await makeShow(node.app.db, 40);
  const wire = new WebSocket(`${node.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
  silent = new Promise((resolve) => wire.once('close', () => resolve()));
});
afterAll(async () => {
  visitors.leaveAll();
  await house.close();
  await node.close();
});

/** A connection whose frames are written by hand; `sent` are whole Socket.IO packets with their Engine.IO type. */
async function byHand(sent: readonly (string | Buffer)[]): Promise<{ heard: string[]; closed: boolean }> {
  const wire = new WebSocket(`${node.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
  const heard: string[] = [];
  let closed = false;
  wire.on('close', () => (closed = true));
  wire.on('error', () => undefined);
  wire.on('message', (data: Buffer) => heard.push(data.toString()));
  await new Promise<void>((resolve) => wire.once('open', () => resolve()));
  wire.send(`40${JSON.stringify({ buyerToken: tokens.issue().token })}`);
  await until(() => heard.some((one) => one.startsWith('40')));
  for (const each of sent) wire.send(each);
  // Whatever comes next on this connection comes after the answer to what was sent.
  await until(() => closed || heard.some((one) => one.startsWith('43')), 700).catch(() => undefined);
  wire.terminate();
  return { heard, closed };
}
const ok = (heard: string[]) => heard.some((one) => /^43\d+\[\{.*"ok":true/.test(one));
const lives = async () => {
  const socket = await visitors.guest(0);
  expect(await say(socket, 'show:watch', { showId: show.id })).toMatchObject({ ok: true });
  socket.disconnect();
};

/** Written by hand: JSON.stringify does not get as deep. */
const nested = (depth: number) =>
  `42${7}["seats:hold",{"showId":"${show.id}","seats":${'['.repeat(depth)}1${']'.repeat(depth)},"requestId":"r"}]`;
const event = (name: unknown, payload: unknown, ack = '7') => `42${ack}${JSON.stringify([name, payload])}`;
const good = () => ({ showId: show.id, seats: [1], requestId: randomUUID() });

describe('S18: odd packets', () => {
  it.each<[string, () => (string | Buffer)[], 'closed' | 'refused']>([
    ['an event whose name is an object', () => [event({ toString: 'x' }, {})], 'closed'],
    ['an event whose name is null', () => [event(null, {})], 'closed'],
    ['an event whose name is a list', () => [event(['seats:hold'], good())], 'closed'],
    ['a name of Socket.IO’s own', () => [event('connect', {})], 'closed'],
    ['a name of Node’s own', () => [event('error', {})], 'refused'],
    ['names that every object has', () => [event('__proto__', {}), event('hasOwnProperty', {})], 'refused'],
    ['no name at all', () => ['427[]'], 'closed'],
    ['no ack', () => [event('seats:hold', good(), '')], 'closed'],
    ['three arguments', () => [`427${JSON.stringify(['seats:hold', good(), {}])}`], 'closed'],
    ['an ack to nothing', () => [`439999[{"ok":true}]`, event('seats:hold', { ...good(), seats: [] })], 'refused'],
    ['eleven attachments', () => [`4511-7["seats:hold",{"_placeholder":true,"num":0}]`], 'closed'],
    ['an attachment without number', () => [`45-7["seats:hold",{"_placeholder":true,"num":0}]`], 'closed'],
    [
      'an attachment that never comes',
      () => [`451-7["seats:hold",{"_placeholder":true,"num":5}]`, Buffer.from('x')],
      'closed'
    ],
    [
      'bytes in the place of a show',
      () => [`451-7["show:watch",{"showId":{"_placeholder":true,"num":0}}]`, Buffer.from(show.id)],
      'refused'
    ],
    ['bytes that nobody announced', () => [Buffer.from('hello')], 'closed'],
    ['10,000 lists in each other', () => [nested(7000)], 'refused'],
    [
      '10,000 seats',
      () => [event('seats:hold', { ...good(), seats: Array.from({ length: 5000 }, (_, n) => n % 40) })],
      'refused'
    ],
    ['a megabyte', () => [event('seats:hold', { ...good(), requestId: 'x'.repeat(1_000_000) })], 'closed'],
    ['JSON that ends in the middle', () => ['427["seats:hold",{"showId":'], 'closed'],
    ['no JSON', () => ['427hello'], 'closed'],
    ['another namespace', () => ['42/admin,7["seats:hold",{}]'], 'closed'],
    ['a second handshake', () => ['40{}', event('seats:hold', good())], 'closed'],
    ['a packet type that there is none of', () => ['49{}'], 'closed'],
    ['a payload that is no object', () => [event('seats:hold', 'all of them')], 'refused'],
    ['numbers that are none', () => [event('seats:hold', { ...good(), seats: ['1', 1e99, null, -0.5] })], 'refused'],
    [
      'a field that there is none of',
      () => [event('seats:hold', { ...good(), buyer: 'u_somebody', price: 1 })],
      'refused'
    ]
  ])('%s', async (_, packets, how) => {
    const { heard, closed } = await byHand(packets());
    expect(ok(heard), heard.join('\n')).toBe(false);
    if (how === 'closed') expect(closed).toBe(true);
    else {
      expect(heard.filter((one) => one.startsWith('43')).join(), 'an answer').toMatch(
        /"ok":false,"code"|"code":"INVALID"/
      );
    }
    await lives();
  });

  it('a second greeting before the first is answered is no second socket: the connection closes', async () => {
    const wire = new WebSocket(`${node.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    const closed = new Promise<boolean>((resolve) => wire.once('close', () => resolve(true)));
    const greeting = () => wire.send(`40${JSON.stringify({ buyerToken: tokens.issue().token })}`);
    await new Promise<void>((resolve) => wire.once('open', () => resolve()));
    greeting();
    greeting();
    expect(await Promise.race([closed, wait(2000).then(() => false)])).toBe(true);
    await lives();
  });

  it('handshake data that is none of ours makes nobody of whoever sends it', async () => {
    for (const auth of [
      { token: { toString: 'x' } },
      { token: ['a'] },
      { token: 'x'.repeat(5000) },
      { __proto__: { user: 1 } }
    ]) {
      const socket = await visitors.connect(0, auth);
      expect(await say(socket, 'seats:hold', good())).toMatchObject({ ok: false, code: 'UNAUTHENTICATED' });
    }
  });
});

describe('S28: the stream of a show', () => {
  it('names no buyer, no hold and no booking, from the first click to the ticket', async () => {
    const raw: string[] = [];
    const viewer = io(node.url, {
      ...{ transports: ['websocket'], forceNew: true, reconnection: false, auth: { buyerToken: tokens.issue().token } }
    });
    viewer.onAny((name: string, ...args: unknown[]) => raw.push(JSON.stringify([name, ...args])));
    await new Promise<void>((resolve) => viewer.once('connect', () => resolve()));
    raw.push(JSON.stringify(await say(viewer, 'show:watch', { showId: show.id })));

    const seen = (state: string, seat: number) =>
      until(() => raw.some((line) => line.includes(`"${state}":[${seat}`)), 10_000);
    const ada = await makeBuyer(house.db);
    const guest = tokens.issue();
    const socket = await visitors.connect(0, { buyerToken: guest.token });
    const held = await say(socket, 'seats:hold', { showId: show.id, seats: [20, 21], requestId: 'g' });
    await seen('held', 20);
    const hold = must(await house.seats.hold(show.id, ada.buyer, [30, 31], 'ada'));
    await seen('held', 30);
    await house.seats.extend(show.id, ada.buyer);
    const { booking, payment } = must(await house.booking.checkout(ada, { holdId: hold.id }, 'key'));
    must(await house.payments.sandboxDecide(payment.id, ada.user.id, 'success'));
    await seen('booked', 30);
    await say(socket, 'seats:release', { showId: show.id, seats: [20] });
    await seen('available', 20);
    socket.disconnect();
    // A click on what others hold answers with seats, not with whose they are.
    raw.push(JSON.stringify(await say(viewer, 'seats:hold', { showId: show.id, seats: [21], requestId: 'v' })));
    raw.push(JSON.stringify(await say(viewer, 'show:watch', { showId: show.id, epoch: 0, version: 0 })));
    viewer.disconnect();

    const { rows } = await house.db.query<{ id: string }>('select id::text from ticket where booking_id = $1', [
      booking.id
    ]);
    const guestHold = (held['hold'] as { id: string }).id;
    const secrets = [ada.user.id, ada.buyer, ada.email, guest.buyer, guestHold, hold.id, booking.id, payment.id];
    const stream = raw.join('\n');
    expect(rows).toHaveLength(2);
    for (const secret of [...secrets, ...rows.map(({ id }) => id)]) expect(stream).not.toContain(secret);
    // Each frame has seats and numbers, and not a field more.
    const fields = new Set(
      raw
        .filter((line) => line.startsWith('["seats"'))
        .flatMap((line) => Object.keys((JSON.parse(line) as [string, object])[1]))
    );
    expect([...fields].sort()).toEqual(['available', 'booked', 'epoch', 'from', 'held', 'showId', 'to']);
  });
});

describe('S18: a connection that says nothing', () => {
  it('is let go after ten seconds', { timeout: 20_000 }, async () => {
    await Promise.race([silent, wait(12_000).then(() => Promise.reject(new Error('it is still open')))]);
  });
});
