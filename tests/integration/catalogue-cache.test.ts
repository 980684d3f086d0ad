import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isRefusal } from '../../src/lib/domain/refusal.ts';
import { createApp, type App } from '../../server/app.ts';
import { createCatalog } from '../../server/catalog/catalog.ts';
import type { Manager } from '../../server/catalog/ownership.ts';
import { createLog } from '../../server/log.ts';
import { connected, connectRedis, type RedisConnections } from '../../server/redis/connections.ts';
import { ownCluster, ownRedis } from './own-redis.ts';
import * as files from './picture-files.ts';
import { makeUser } from './shows.ts';
import { makeConfig } from './stack.ts';

/** Two nodes on one Postgres and one Redis, and beside each its catalogue as Postgres alone would have it. */
async function openNodes(overrides: Record<string, string> = {}) {
  const config = await makeConfig(overrides);
  const log = createLog(config.logLevel, false);
  const nodes = [createApp(config, { log }), createApp(config, { log })] as const;
  const redis = connectRedis(config, log);
  await connected(redis.commands, 5000);
  for (const { seats } of nodes) {
    while (!(await seats.ping().catch(() => false))) await wait(20);
  }
  const by: Manager = { user: await makeUser(nodes[0].db), owner: null };
  return { nodes, redis, by, close: () => Promise.all([...nodes.map((node) => node.close()), redis.close()]) };
}

const uncached = (app: App) =>
  createCatalog({
    ...app,
    cache: { ...app.cache, cached: async (_, read) => (await read())?.value ?? null }
  }) satisfies App['catalog'];

const done = <T>(answer: T): Exclude<T, { code: string; httpStatus: number }> => {
  if (isRefusal(answer)) throw new Error(`${answer.code} ${answer.message} ${JSON.stringify(answer.details)}`);
  return answer as Exclude<T, { code: string; httpStatus: number }>;
};

const QUERY = { limit: 20, sort: 'soonest' } as const;
const PRICES = { floor: 3800, gallery: 2600, standing: 1800 };
const VENUE = {
  name: 'House',
  address: '',
  city: 'Berlin',
  country: 'DE',
  timeZone: 'Europe/Berlin',
  rooms: ['Main hall']
};
const EVENT = {
  kind: 'theatre',
  title: 'Play',
  performers: '',
  description: '',
  durationMin: null,
  rating: ''
} as const;

async function makeThings(app: App, by: Manager) {
  const { venues, plans, events, shows } = app.desk;
  const venue = done(await venues.create(by, VENUE));
  const plan = done(await plans.create(by, { venueId: venue.id, name: 'Plan', generate: 120 }));
  const event = done(await events.create(by, { ...EVENT, tags: [] }));
  const body = {
    eventId: event.id,
    planId: plan.id,
    seatsPerBuyer: 8,
    refundUntilMin: 60,
    currency: 'EUR',
    prices: PRICES,
    ...{ ticketTypes: [], fees: [], tax: null }
  };
  const show = done(await shows.create(by, { ...body, startsAt: '2031-12-12T18:30:00Z', doorsAt: null }));
  return { venue, plan, event, show, body };
}
type Things = Awaited<ReturnType<typeof makeThings>>;

/** Everything a visitor can read of them. */
const read = async (catalog: App['catalog'], { event, show }: Things) => ({
  page: await catalog.events(QUERY),
  found: await catalog.events({ ...QUERY, q: 'New' }),
  cities: await catalog.cities(),
  event: await catalog.event(event.id),
  bySlug: await catalog.event(event.slug),
  show: await catalog.show(show.id)
});

const readsOf = (app: App) => app.metrics.cacheReads.counts();

/** One call of each kind that the desk has for writing. A new one is missing here until somebody adds it. */
const WRITES: Record<string, (app: App, by: Manager, things: Things) => Promise<unknown>> = {
  'venues.create': ({ desk }, by) => desk.venues.create(by, { ...VENUE, name: 'Other' }),
  'plans.create': ({ desk }, by, { venue }) =>
    desk.plans.create(by, { venueId: venue.id, name: 'Second', generate: 120 }),
  'plans.update': ({ desk }, by, { plan }) => desk.plans.update(by, plan.id, { room: 'Main hall' }),
  'venues.update': ({ desk }, by, { venue }) =>
    desk.venues.update(by, venue.id, {
      ...{ name: 'New House', city: 'Bonn' },
      renameRoom: { from: 'Main hall', to: 'Great hall' }
    }),
  'events.create': ({ desk }, by) => desk.events.create(by, { ...EVENT, title: 'New', tags: [] }),
  'events.update': ({ desk }, by, { event }) => desk.events.update(by, event.id, { title: 'New title' }),
  'banners.set': async ({ desk }, by, { event }) =>
    desk.banners.set(by, event.id, { bytes: await files.png({ width: 300, height: 150 }), alt: 'New' }),
  'banners.remove': ({ desk }, by, { event }) => desk.banners.remove(by, event.id),
  'shows.update': ({ desk }, by, { show }) =>
    desk.shows.update(by, show.id, {
      startsAt: '2031-12-13T18:30:00Z',
      tax: { name: 'VAT', share: 1900, included: true }
    }),
  'shows.create': ({ desk }, by, { body }) =>
    desk.shows.create(by, { ...body, startsAt: '2031-11-12T18:30:00Z', doorsAt: null }),
  'shows.createRun': ({ desk }, by, { body }) =>
    desk.shows.createRun(by, {
      ...{ ...body, dates: ['2031-10-01', '2031-10-02'], times: ['19:30'] },
      ...{ doorsBefore: null, closesBefore: 0 }
    }),
  'control.setSale': ({ control }, by, { show }) => control.setSale(by, show.id, 'paused'),
  'shows.changePlan': async ({ desk }, by, { plan, show }) => {
    const next = done(await desk.plans.newDraft(by, plan.id));
    done(await desk.plans.publish(by, next.id, { version: next.version }));
    return desk.shows.changePlan(by, show.id, next.id);
  },
  'shows.remove': ({ desk }, by, { show }) => desk.shows.remove(by, show.id),
  'events.remove': ({ desk }, by, { event }) => desk.events.remove(by, event.id),
  'venues.remove': ({ desk }, by, { venue }) => desk.venues.remove(by, venue.id)
};
const READS = new Set([
  ...['list', 'get', 'plans', 'venues', 'export', 'find', 'shows', 'draft', 'versions', 'geometry', 'planChange']
]);
/** No visitor sees a plan before a show has it. */
const ELSEWHERE = new Set([
  ...['planFiles.import', 'plans.saveDraft', 'plans.newDraft', 'plans.publish', 'plans.duplicate', 'plans.remove'],
  // No page of the catalogue shows codes.
  ...['promoCodes.create', 'promoCodes.update']
]);

let house: Awaited<ReturnType<typeof openNodes>>;
beforeAll(async () => {
  house = await openNodes();
});
afterAll(() => house.close());

describe('after each write of the desk', () => {
  it('both nodes read what Postgres has, and had read from the cache before', { timeout: 120_000 }, async () => {
    const { nodes, by } = house;
    const things = await makeThings(nodes[0], by);
    const compare = async (what: string) => {
      for (const node of nodes)
        expect(await read(node.catalog, things), what).toEqual(await read(uncached(node), things));
    };
    for (const [turn, [what, write]] of Object.entries(WRITES).entries()) {
      await compare(`before ${what}`);
      const before = readsOf(nodes[0]);
      await read(nodes[0].catalog, things);
      expect(readsOf(nodes[0])['hit'], `hits before ${what}`).toBeGreaterThan(before['hit'] ?? 0);
      const writer = nodes[turn % 2] ?? nodes[0];
      done(await write(writer, by, things));
      await compare(`after ${what}`);
    }
    expect(await nodes[1].catalog.event(things.event.id)).toBeNull();
  });

  it('none is left out of this test', () => {
    const { desk } = house.nodes[0];
    const calls = Object.entries(desk).flatMap(([part, api]) =>
      typeof api === 'object'
        ? Object.entries(api as Record<string, unknown>)
            .filter(([name, call]) => typeof call === 'function' && !READS.has(name))
            .map(([name]) => `${part}.${name}`)
        : []
    );
    expect(calls.filter((name) => !ELSEWHERE.has(name)).sort()).toEqual(
      Object.keys(WRITES)
        .filter((name) => !name.startsWith('control.'))
        .sort()
    );
  });

  it('and after a statement that nobody has announced', async () => {
    const { nodes, by } = house;
    const things = await makeThings(nodes[0], by);
    const title = async (n: 0 | 1) => (await nodes[n].catalog.event(things.event.id))?.title;
    expect([await title(0), await title(1)]).toEqual(['Play', 'Play']);
    await nodes[0].db.query(`update event set title = 'Alone' where id = $1`, [things.event.id]);
    expect([await title(0), await title(1)]).toEqual(['Alone', 'Alone']);
    await nodes[1].db.transaction((sql) =>
      sql.query(`update event set title = 'Inside' where id = $1`, [things.event.id])
    );
    expect([await title(0), await title(1)]).toEqual(['Inside', 'Inside']);
  });

  it('of one event, the pages of the others stay where they are', async () => {
    const { nodes, by } = house;
    const [one, other] = [await makeThings(nodes[0], by), await makeThings(nodes[0], by)];
    for (const { event } of [one, other]) await nodes[0].catalog.event(event.id);
    done(await nodes[1].desk.events.update(by, one.event.id, { title: 'Changed' }));
    const before = readsOf(nodes[0]);
    await nodes[0].catalog.event(other.event.id);
    expect(readsOf(nodes[0])['hit']).toBe((before['hit'] ?? 0) + 1);
    await nodes[0].catalog.event(one.event.id);
    expect(readsOf(nodes[0])['miss']).toBe((before['miss'] ?? 0) + 1);
  });
});

/** Writers and readers on both nodes: what a read answers is no older than what was acknowledged before it began. */
async function race({ nodes, by }: Awaited<ReturnType<typeof openNodes>>, forMs: number) {
  const things = await makeThings(nodes[0], by);
  let [acknowledged, next, reads] = [0, 1, 0];
  const stale: string[] = [];
  const until = Date.now() + forMs;
  const writer = async (app: App) => {
    while (Date.now() < until) {
      // Postgres orders them by the row's lock; the number in the row says which came last.
      const number = next++;
      await app.desk.events.update(by, things.event.id, { durationMin: 1 + (number % 1000), title: `Play ${number}` });
      const { rows } = await app.db.query<{ version: number }>('select version from event where id = $1', [
        things.event.id
      ]);
      acknowledged = Math.max(acknowledged, rows[0]?.version ?? 0);
      await wait(Math.random() * 30);
    }
  };
  const reader = async (app: App) => {
    while (Date.now() < until) {
      const atLeast = acknowledged;
      const [event, page] = await Promise.all([
        app.catalog.event(things.event.id),
        app.catalog.events({ ...QUERY, q: 'Play', limit: 100 })
      ]);
      reads++;
      if ((event?.version ?? 0) < atLeast) stale.push(`version ${event?.version} after ${atLeast}`);
      const listed = page.items.find(({ id }) => id === things.event.id)?.title;
      // Titles carry numbers of writes that took turns: with one writer they are the version less one.
      if (listed === undefined) stale.push('not listed');
      await wait(Math.random() * 3);
    }
  };
  await Promise.all([...nodes.map(writer), ...nodes.flatMap((node) => [reader(node), reader(node), reader(node)])]);
  return { stale, reads, writes: next - 1 };
}

describe('writers and readers on two nodes at once', () => {
  it('no read that began after a write was acknowledged is older', async () => {
    const before = house.nodes.map(readsOf);
    const { stale, reads, writes } = await race(house, 8000);
    const after = house.nodes.map(readsOf);
    const hits = after.reduce((sum, now, n) => sum + (now['hit'] ?? 0) - (before[n]?.['hit'] ?? 0), 0);
    console.log(`${reads} reads, ${hits} hits, ${writes} writes`);
    expect(stale).toEqual([]);
    expect(writes).toBeGreaterThan(20);
    expect(hits).toBeGreaterThan(50);
  }, 60_000);

  it('nor on a Redis Cluster', async () => {
    const cluster = await ownCluster();
    const spread = await openNodes({ REDIS_URL: cluster.url, QUEUE_REDIS_URL: 'redis://127.0.0.1:1' });
    try {
      expect((await race(spread, 2000)).stale).toEqual([]);
      // Once nobody writes, all nodes read what one of them has kept.
      const { cache } = spread.nodes[0];
      const one = () => Promise.resolve({ value: 1, tags: ['event:a', 'show:b', 'venue:c'] });
      await cache.cached('quiet', one);
      for (const node of spread.nodes) {
        const before = readsOf(node)['hit'] ?? 0;
        await node.cache.cached('quiet', one);
        expect(readsOf(node)['hit']).toBe(before + 1);
      }
    } finally {
      await spread.close();
      await cluster.stop();
    }
  }, 120_000);
});

describe('the cache', () => {
  let redis: RedisConnections['commands'];
  beforeAll(() => (redis = house.redis.commands));
  const name = () => `thing-${Math.random().toString(36).slice(2)}`;
  afterEach(() => redis.del(`${house.nodes[0].config.redisPrefix}cache:{catalogue}:writing`));

  it('lets a crowd that misses together read once', async () => {
    const { cache } = house.nodes[0];
    let reads = 0;
    const key = name();
    const one = async () => {
      reads++;
      await wait(50);
      return { value: 'x', tags: [key] };
    };
    await Promise.all(Array.from({ length: 50 }, () => cache.cached(key, one)));
    expect(reads).toBe(1);
  });

  it('keeps nothing that was read before a write and stored after it', async () => {
    const [{ cache }, { cache: other }] = house.nodes;
    const key = name();
    let truth = 'old';
    const reading = cache.cached(key, async () => {
      const value = truth;
      await other.changing([key], async () => {
        await Promise.resolve();
        truth = 'new';
      });
      return { value, tags: [key] };
    });
    expect(await reading).toBe('old');
    expect(await cache.cached(key, async () => Promise.resolve({ value: truth, tags: [key] }))).toBe('new');
  });

  it('forgets what a node has changed that died between its commit and its word of it', async () => {
    const [{ cache }, { cache: other }] = house.nodes;
    const key = name();
    let truth = 'old';
    const now = () => Promise.resolve({ value: truth, tags: [key] });
    expect(await cache.cached(key, now)).toBe('old');
    // The commit never comes back, as in a process that is killed in it.
    void other.changing([key], () => {
      truth = 'new';
      return new Promise(() => undefined);
    });
    while (truth === 'old') await wait(1);
    expect(await cache.cached(key, now)).toBe('new');
    expect(await other.cached(key, now)).toBe('new');
  });

  it('keeps a value no longer than until time makes it wrong, nor longer than a minute', async () => {
    const { cache, config } = house.nodes[0];
    const [soon, late] = [name(), name()];
    await cache.cached(soon, () => Promise.resolve({ value: 1, tags: [], until: Date.now() + 300 }));
    await cache.cached(late, () => Promise.resolve({ value: 1, tags: [] }));
    const left = (key: string) => redis.pttl(`${config.redisPrefix}cache:value:${key}`);
    expect(await left(soon)).toBeLessThanOrEqual(300);
    expect(await left(late)).toBeGreaterThan(50_000);
    expect(await left(late)).toBeLessThanOrEqual(60_000);
  });

  it('keeps nothing that is not there, and nothing too large', async () => {
    const { cache } = house.nodes[0];
    const [none, large] = [name(), name()];
    let reads = 0;
    for (let n = 0; n < 2; n++) {
      const absent = await cache.cached(none, () => {
        reads++;
        return Promise.resolve(null);
      });
      expect(absent).toBeNull();
      await cache.cached(large, () => Promise.resolve({ value: 'x'.repeat(70_000 + reads++), tags: [] }));
    }
    expect(reads).toBe(4);
  });
});

describe('while Redis is away', () => {
  it('everything is read from Postgres, writes are written, and told when it is back', async () => {
    const own = await ownRedis();
    const alone = await openNodes({ REDIS_URL: own.url });
    const [one, two] = alone.nodes;
    try {
      const { event } = await makeThings(one, alone.by);
      const title = async (app: App) => (await app.catalog.event(event.id))?.title;
      expect([await title(one), await title(two), await title(two)]).toEqual(['Play', 'Play', 'Play']);
      // Frozen, not dead: it still has all it was told when it wakes.
      process.kill(own.pid, 'SIGSTOP');
      done(await one.desk.events.update(alone.by, event.id, { title: 'Meanwhile' }));
      expect(await title(one)).toBe('Meanwhile');
      process.kill(own.pid, 'SIGCONT');
      while ((await title(two)) !== 'Meanwhile') await wait(20);
      expect([await title(one), await title(two)]).toEqual(['Meanwhile', 'Meanwhile']);
    } finally {
      process.kill(own.pid, 'SIGCONT');
      await alone.close();
      await own.stop();
    }
  }, 60_000);
});
