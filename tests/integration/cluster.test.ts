import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ShowNotice } from '../../src/lib/domain/protocol.ts';
import { seatState } from '../../src/lib/domain/seat-map.ts';
import { isRefusal } from '../../src/lib/domain/refusal.ts';
import { startServer, type Running } from '../../server/serve.ts';
import { ownCluster } from './own-redis.ts';
import { bookInPostgres, makeShow, makeUser, type MadeShow } from './shows.ts';
import { makeConfig } from './stack.ts';
import { hold, noPages, say, until, visitorsOf, wait } from './visitors.ts';

/** Two nodes on a real Redis Cluster of three masters: the keys of a show live on one of them, the shows on all. */
let nodes: [Running, Running];
let cluster: Awaited<ReturnType<typeof ownCluster>>;
let shows: MadeShow[];
const HOLD_TTL_MS = 1500;

const { connect, guest, watch, leaveAll } = visitorsOf(() => nodes);

beforeAll(async () => {
  cluster = await ownCluster();
  const config = await makeConfig({
    ...{ REDIS_URL: cluster.url, WORKER: 'separate', HOLD_TTL_MS: String(HOLD_TTL_MS) },
    ...{ QUEUE_REDIS_URL: cluster.nodes[0] ?? '' }
  });
  nodes = [await startServer(config, noPages), await startServer(config, noPages)];
  shows = await Promise.all(Array.from({ length: 9 }, () => makeShow(nodes[0].app.db, 120)));
  await Promise.all(shows.map((show) => nodes[0].app.seats.snapshot(show.id)));
});
afterEach(leaveAll);
afterAll(async () => {
  await Promise.all(nodes.map((node) => node.close()));
  await cluster.stop();
});

/** Asks every master; answers by master. */
async function ofMasters<T>(ask: (master: Redis) => Promise<T>): Promise<T[]> {
  return Promise.all(
    cluster.nodes.map(async (url) => {
      const master = new Redis(url);
      try {
        return await ask(master);
      } finally {
        master.disconnect();
      }
    })
  );
}
const first = (): MadeShow => {
  const [show] = shows;
  if (!show) throw new Error('no show was made');
  return show;
};

describe('on a Redis Cluster', () => {
  it('the shows are spread over the masters, and each is whole on one of them', async () => {
    const keys = await ofMasters((master) => master.keys('*:meta'));
    // Where a show lies is chance; that all lie on one master is not.
    expect(keys.filter((some) => some.length > 0).length).toBeGreaterThan(1);
    expect(keys.flat()).toHaveLength(shows.length);
  });

  it('a click on one node is seen on the other by a sharded message, not by the look once a second', async () => {
    for (const show of shows.slice(0, 4)) {
      const [one, two] = [await watch(0, show), await watch(1, show)];
      await wait(300);
      for (const seat of [1, 2, 3]) {
        expect((await hold(one.socket, show, [seat])).ok).toBe(true);
        await until(() => two.map.state(seat) === 1, 400);
      }
      const listening = await ofMasters((master) => master.call('PUBSUB', 'SHARDCHANNELS', `*{show:${show.id}}*`));
      expect(listening.flat()).toHaveLength(1);
      expect(await say(one.socket, 'seats:release', { showId: show.id })).toMatchObject({ ok: true, hold: null });
    }
  });

  it('fifty buyers of five seats give exactly five holders', async () => {
    const show = first();
    const buyers = await Promise.all(Array.from({ length: 50 }, (_, n) => guest(n % 2)));
    const answers = await Promise.all(buyers.map((buyer, n) => hold(buyer, show, [20 + (n % 5)])));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(5);
    expect(answers.filter(({ code }) => code === 'SEAT_TAKEN')).toHaveLength(45);
  });

  it('holds of all shows end in time, and their sums are read in one go', async () => {
    const { seats, accounts } = nodes[0].app;
    for (const show of shows) {
      expect(isRefusal(await seats.hold(show.id, accounts.issueBuyer().buyer, [50, 51], 'r'))).toBe(false);
    }
    const sums = async () => [...(await seats.counts(shows.map(({ id }) => id))).values()];
    expect((await sums()).every(({ held }) => held >= 2)).toBe(true);
    await wait(HOLD_TTL_MS + 1000);
    expect((await sums()).map(({ held }) => held)).toEqual(shows.map(() => 0));
  });

  it('expired events are heard from every master', async () => {
    const flags = await ofMasters((master) => master.config('GET', 'notify-keyspace-events'));
    for (const [, value] of flags as [string, string][]) expect(value).toMatch(/(?=.*E)(?=.*[xA])/);
    const subscribed = await ofMasters((master) => master.pubsub('NUMSUB', '__keyevent@0__:expired'));
    for (const [, count] of subscribed) expect(Number(count)).toBe(2);
  });

  it('a notice reaches everyone on both nodes and is counted; signing out everywhere closes sockets on both', async () => {
    const show = first();
    const watchers = [await watch(0, show), await watch(1, show), await watch(1, show)];
    const heard: ShowNotice[] = [];
    for (const { socket } of watchers) socket.on('show:notice', (notice: ShowNotice) => heard.push(notice));
    expect(await nodes[0].app.live.notice(show.id, 'Doors open at seven.', 'info')).toBe(3);
    await until(() => heard.length === 3);

    const { app } = nodes[0];
    const email = `${await makeUser(app.db)}@sign.example`;
    const signed = await app.accounts.signUp({ email, password: 'a long enough password', name: 'Ada' }, null);
    if (isRefusal(signed)) throw new Error(signed.message);
    const sockets = [await connect(0, { token: signed.token }), await connect(1, { token: signed.token })];
    app.live.signOutEverywhere(signed.user.id);
    await until(() => sockets.every((socket) => !socket.connected));
  });

  it('a master that has lost everything never shows a booked seat as available', async () => {
    const { seats, db, accounts } = nodes[0].app;
    for (const show of shows) {
      await bookInPostgres(db, show, [100, 101]);
      await seats.mend(show.id, [100, 101]);
    }
    await ofMasters((master) => master.flushall());
    for (const show of shows) {
      const refused = await seats.hold(show.id, accounts.issueBuyer().buyer, [100], 'r');
      expect(refused).toMatchObject({ code: 'SEAT_TAKEN' });
      const snapshot = await seats.snapshot(show.id);
      if (isRefusal(snapshot)) throw new Error(snapshot.message);
      expect(seatState(snapshot.map, 101)).toBe(2);
    }
  });
});
