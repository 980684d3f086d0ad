import { randomUUID } from 'node:crypto';
import type { Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ControlChanged, ControlPulse } from '../../src/lib/domain/control.ts';
import type { Hold } from '../../src/lib/domain/protocol.ts';
import type { Manager } from '../../server/catalog/ownership.ts';
import { syncShow } from '../../server/jobs/sync-show.ts';
import { startServer, type Running } from '../../server/serve.ts';
import { codeOf, makeBuyer, must } from './house.ts';
import { bookInPostgres, makeShow, type MadeShow } from './shows.ts';
import { makeConfig } from './stack.ts';
import { hold, noPages, say, until, visitorsOf, wait } from './visitors.ts';

/** Two nodes on one Redis and one Postgres: whoever runs the show is on the one, its customers are on the other. */
let nodes: [Running, Running];
beforeAll(async () => {
  const config = await makeConfig({ WORKER: 'separate' });
  nodes = [await startServer(config, noPages), await startServer(config, noPages)];
});
afterEach(() => {
  leaveAll();
});
afterAll(() => Promise.all(nodes.map((node) => node.close())));

const { connect, guest, watch, leaveAll } = visitorsOf(() => nodes);
const by = (show: MadeShow): Manager => ({ user: show.organizerId, owner: show.organizerId });
const app = () => nodes[0].app;
const block = (show: MadeShow, seats: number[], evenIfHeld = false, reason = 'camera stand') =>
  app().control.block(by(show), show.id, { seats, reason, evenIfHeld });
const lines = async (show: MadeShow) => {
  const { rows } = await app().db.query<{ action: string }>(
    `select action from audit_log where kind = 'show' and thing_id = $1 order by id`,
    [show.id]
  );
  return rows.map(({ action }) => action);
};
const heldBy = async (socket: Socket, show: MadeShow, seats: number[]) => {
  const answer = await hold(socket, show, seats);
  expect(answer).toMatchObject({ ok: true });
  return (answer as unknown as { hold: Hold }).hold;
};

/** Signed in, with the role; answers the socket of their browser. */
async function person(node: number, role: string, name = 'Ada') {
  const email = `${randomUUID()}@control.example`;
  const signed = must(await app().accounts.signUp({ email, password: 'a long enough password', name }, null));
  await app().db.query('update app_user set role = $2 where id = $1', [signed.user.id, role]);
  return { id: signed.user.id, socket: await connect(node, { token: signed.token }) };
}

describe('blocking seats', () => {
  it('takes them off every map, keeps who did it and why, and puts them back', async () => {
    const show = await makeShow(app().db, 40);
    const customer = await watch(1, show);
    expect(must(await block(show, [3, 4]))).toEqual({ blocked: 2 });
    await until(() => customer.map.state(3) === 3 && customer.map.state(4) === 3);
    const seat = must(await app().control.seat(by(show), show.id, 3));
    expect(seat).toMatchObject({ state: 'blocked', block: { reason: 'camera stand', by: 'Ada Test' }, hold: null });
    expect(await hold(customer.socket, show, [3])).toMatchObject({ code: 'SEAT_TAKEN' });
    expect(must(await app().control.unblock(by(show), show.id, [3, 4, 5]))).toEqual({ unblocked: 2 });
    await until(() => customer.map.state(3) === 0 && customer.map.state(4) === 0);
    expect(await lines(show)).toEqual(['block seats', 'unblock seats']);
  });

  it('refuses a booked seat, and names it; nothing is blocked', async () => {
    const show = await makeShow(app().db, 40);
    await bookInPostgres(app().db, show, [7]);
    const refused = await block(show, [6, 7, 8], true);
    expect(refused).toMatchObject({ code: 'SEAT_TAKEN', details: { seats: [7] } });
    expect(must(await app().control.seat(by(show), show.id, 6)).state).toBe('available');
    expect(await lines(show)).toEqual([]);
  });

  it('asks before it ends a hold; then the holder keeps the rest and is told', async () => {
    const show = await makeShow(app().db, 40);
    const { socket, map } = await watch(1, show);
    const ended: unknown[] = [];
    socket.on('hold:ended', (event: unknown) => ended.push(event));
    await heldBy(socket, show, [1, 2]);
    expect(await block(show, [2, 3])).toMatchObject({ code: 'SEAT_TAKEN', details: { seats: [2], held: true } });
    must(await block(show, [2, 3], true));
    await until(() => map.state(2) === 3 && map.state(3) === 3 && ended.length > 0);
    expect(ended).toEqual([{ showId: show.id, reason: 'released' }]);
    expect(await say(socket, 'show:watch', { showId: show.id })).toMatchObject({ hold: { seats: [1] } });
  });

  it('does thousands at once, all or none', { timeout: 30_000 }, async () => {
    const show = await makeShow(app().db, 5000);
    const seats = Array.from({ length: 4000 }, (_, n) => n);
    expect(must(await block(show, seats))).toEqual({ blocked: 4000 });
    expect(must(await app().seats.snapshot(show.id)).counts).toMatchObject({ blocked: 4000, available: 1000 });
  });

  it('comes to the map by the outbox when the process died between Postgres and Redis', async () => {
    const show = await makeShow(app().db, 40);
    const { map } = await watch(1, show);
    await app().db.query(
      `insert into seat_block (show_id, plan_id, seat_index, reason) values ($1, $2, 9, 'died here')`,
      [show.id, show.planId]
    );
    await syncShow({ seats: nodes[0].app.seats }, { showId: show.id, seats: [9] });
    await until(() => map.state(9) === 3);
    must(await block(show, [10]));
    const { rows } = await app().db.query(
      `select payload from outbox where kind = 'show.sync' and payload ->> 'showId' = $1`,
      [show.id]
    );
    expect(rows).toEqual([{ payload: { showId: show.id, seats: [10] } }]);
  });

  it(
    'never lets a seat be both booked and blocked, however checkouts and blocks meet',
    { timeout: 60_000 },
    async () => {
      const show = await makeShow(app().db, 60);
      const meetings = Array.from({ length: 12 }, async (_, n) => {
        const ada = await makeBuyer(app().db);
        const held = must(await app().seats.hold(show.id, ada.buyer, [n], `meets-${n}`));
        await Promise.all([app().booking.checkout(ada, { holdId: held.id }, 'key'), block(show, [n], true)]);
      });
      await Promise.all(meetings);
      const { rows } = await app().db.query(
        `select k.seat_index from seat_block k join booking_seat b using (show_id, seat_index) where show_id = $1 and live`,
        [show.id]
      );
      expect(rows).toEqual([]);
    }
  );
});

describe('holds in the control room', () => {
  it('are listed with their buyers and seats, page by page, and found by name', async () => {
    const show = await makeShow(app().db, 40, { cap: 4 });
    const ada = await makeBuyer(app().db);
    must(await app().seats.hold(show.id, ada.buyer, [0, 1], 'one'));
    for (const n of [2, 3, 4]) await heldBy(await guest(1), show, [n]);
    const list = async (query: { limit: number; cursor?: string; q?: string }) =>
      must(await app().control.holds(by(show), show.id, query));
    const seen: number[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: { seats: { index: number }[] }[]; next: string | null } = await list({
        limit: 3,
        ...(cursor === null ? {} : { cursor })
      });
      seen.push(...page.items.flatMap(({ seats }) => seats.map(({ index }) => index)));
      cursor = page.next;
    } while (cursor !== null);
    expect(seen.sort()).toEqual([0, 1, 2, 3, 4]);
    const [found, ...others] = (await list({ limit: 20, q: ada.email.toUpperCase() })).items;
    expect(others).toEqual([]);
    expect(found).toMatchObject({ buyer: { name: 'Ada Test', email: ada.email }, phase: 'selecting' });
    expect((await list({ limit: 20, q: 'guest' })).items).toHaveLength(3);
  });

  it('are released by the organizer alone, and the holder is told that it was not they', async () => {
    const show = await makeShow(app().db, 40);
    const { socket, map } = await watch(1, show);
    const ended: unknown[] = [];
    socket.on('hold:ended', (event: unknown) => ended.push(event));
    const held = await heldBy(socket, show, [5]);
    const other = await makeShow(app().db, 5);
    expect(codeOf(await app().control.releaseHold(by(other), show.id, held.id))).toBe('NOT_FOUND');
    expect(codeOf(await app().control.releaseHold(by(other), other.id, held.id))).toBe('NOT_FOUND');
    await until(() => map.state(5) === 1);
    expect(must(await app().control.releaseHold(by(show), show.id, held.id))).toBeNull();
    await until(() => map.state(5) === 0 && ended.length > 0);
    expect(ended).toEqual([{ showId: show.id, reason: 'released' }]);
    expect(codeOf(await app().control.releaseHold(by(show), show.id, held.id))).toBe('NOT_FOUND');
    expect(await lines(show)).toEqual(['release hold']);
  });

  it('are left to the booking while they are being paid for', async () => {
    const show = await makeShow(app().db, 40);
    const ada = await makeBuyer(app().db);
    const held = must(await app().seats.hold(show.id, ada.buyer, [0], 'pays'));
    must(await app().booking.checkout(ada, { holdId: held.id }, 'key'));
    expect(codeOf(await app().control.releaseHold(by(show), show.id, held.id))).toBe('FORBIDDEN');
    const facts = must(await app().control.seat(by(show), show.id, 0));
    expect(facts).toMatchObject({ state: 'held', hold: { phase: 'paying' }, booking: { status: 'PENDING' } });
    expect(await lines(show)).toEqual([]);
  });
});

describe('prices that were shown', () => {
  const reprice = async (show: MadeShow, standard: number) =>
    must(await app().desk.shows.update(by(show), show.id, { prices: { standard } }));
  const pays = async (show: MadeShow, change: () => Promise<unknown>) => {
    const ada = await makeBuyer(app().db);
    const held = must(await app().seats.hold(show.id, ada.buyer, [0, 1], randomUUID()));
    await change();
    const { booking, payment } = must(await app().booking.checkout(ada, { holdId: held.id }, 'key'));
    expect(payment.amount).toBe(booking.total);
    expect(booking.lines.map(({ price }) => price)).toEqual([booking.total / 2, booking.total / 2]);
    return booking.total;
  };

  it('are what a held seat costs when the price goes up before checkout', async () => {
    const show = await makeShow(app().db, 10);
    expect(await pays(show, () => reprice(show, 4000))).toBe(5000);
  });

  it('give way to a lower price', async () => {
    const show = await makeShow(app().db, 10);
    expect(await pays(show, () => reprice(show, 1000))).toBe(2000);
  });

  it('hold through ups and downs: nobody pays more than the least they were shown', async () => {
    const show = await makeShow(app().db, 10);
    const change = async () => {
      for (const price of [4000, 2000, 6000]) await reprice(show, price);
    };
    expect(await pays(show, change)).toBe(4000);
  });

  it('are those of today for a seat that is held only now', async () => {
    const show = await makeShow(app().db, 10);
    await reprice(show, 4000);
    expect(await pays(show, () => Promise.resolve())).toBe(8000);
  });

  it('stay with a hold that grows, is extended, signs in, loses a seat; and new holds have the new terms', async () => {
    const show = await makeShow(app().db, 20);
    const { seats } = app();
    const [guestId, ada] = [`g_${randomUUID()}`, await makeBuyer(app().db)];
    expect(must(await seats.hold(show.id, guestId, [0, 1], 'a'))).toMatchObject({ terms: 1 });
    await reprice(show, 4000);
    expect(must(await seats.hold(show.id, guestId, [2], 'b'))).toMatchObject({ terms: 1, seats: [0, 1, 2] });
    expect(must(await seats.extend(show.id, guestId))).toMatchObject({ terms: 1 });
    await seats.adopt(show.id, guestId, ada.buyer);
    await bookInPostgres(app().db, show, [2]);
    must(await seats.mend(show.id, [2]));
    expect(must(await seats.ownHold(show.id, ada.buyer))).toMatchObject({ terms: 1, seats: [0, 1] });
    expect(must(await seats.best(show.id, guestId, { count: 1 }, 'c'))).toMatchObject({ terms: 2 });
    must(await seats.forget(show.id));
    expect(must(await seats.hold(show.id, guestId, [9], 'd'))).toMatchObject({ terms: 2 });
  });
});

describe('the room itself', () => {
  it('does not exist for anybody but those who run the show', async () => {
    const show = await makeShow(app().db, 10);
    const sockets = [
      ...[await connect(0), await guest(0), (await person(0, 'customer')).socket],
      ...[(await person(1, 'staff')).socket, (await person(0, 'organizer')).socket]
    ];
    const heard: string[] = [];
    for (const socket of sockets) {
      socket.onAny((name: string) => heard.push(name));
      expect(await say(socket, 'control:watch', { showId: show.id })).toMatchObject({ ok: false, code: 'NOT_FOUND' });
    }
    must(await block(show, [1]));
    await wait(1200);
    expect(heard).toEqual([]);
  });

  it('shows two people on two nodes what the other does, and how the show sells', async () => {
    const show = await makeShow(app().db, 20);
    const [ann, bob] = [await person(0, 'admin', 'Ann'), await person(1, 'admin', 'Bob')];
    const changes: ControlChanged[] = [];
    const pulses: ControlPulse[] = [];
    for (const { socket } of [ann, bob]) socket.on('control:changed', (change: ControlChanged) => changes.push(change));
    bob.socket.on('control:pulse', (pulse: ControlPulse) => pulses.push(pulse));
    for (const { socket } of [ann, bob]) {
      expect(await say(socket, 'control:watch', { showId: show.id })).toMatchObject({ ok: true });
    }
    const manager: Manager = { user: ann.id, owner: null };
    must(await app().control.block(manager, show.id, { seats: [1, 2], reason: 'pillar', evenIfHeld: false }));
    await until(() => changes.length === 2);
    expect(changes[1]).toEqual({
      ...{ showId: show.id, what: 'blocks', by: 'Ann', text: 'blocked 2 seats: pillar' },
      ...{ count: 2, said: 'pillar' }
    });

    const customer = await watch(1, show);
    await heldBy(customer.socket, show, [5, 6]);
    must(await app().control.setSale(manager, show.id, 'paused'));
    expect(must(await app().control.notice(manager, show.id, { text: 'One moment.', level: 'info' }))).toEqual({
      delivered: 1
    });
    await until(() => changes.length === 6);
    expect(new Set(changes.map(({ what }) => what))).toEqual(new Set(['blocks', 'sale', 'notice']));
    await until(() => pulses.at(-1)?.held === 2, 5000);
    expect(pulses.at(-1)).toMatchObject({ available: 16, held: 2, booked: 0, blocked: 2, holdsPerMinute: 1 });
    expect(pulses.at(-1)?.sold).toHaveLength(30);
    expect(await lines(show)).toEqual(['block seats', 'pause sale', 'send notice']);
    expect(await hold(await guest(0), show, [9])).toMatchObject({ code: 'SALE_PAUSED' });
  });
});
