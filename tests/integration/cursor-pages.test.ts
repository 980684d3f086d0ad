import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { allOperations } from '../../src/lib/domain/api/operations.ts';
import type { Running } from '../../server/serve.ts';
import { call, startApi } from './api-server.ts';
import { until } from './house.ts';
import { idOf, makeDesk, person, PRICES, VENUE, type Person } from './organizers.ts';
import { sell } from './sales.ts';
import { makeShow, makeUser, type MadeShow } from './shows.ts';
import { makeConfig } from './stack.ts';
import { bookWithTickets } from './ticketed.ts';

/** Whoever reads a list page by page, while others add to it and take from it, reads every row that stays, once. */
const config = await makeConfig();
let running: Running;
let redis: Redis;
let otto: Person;
let admin: Person;
let desk: Awaited<ReturnType<typeof makeDesk>>;
let show: MadeShow;
/** Of which nothing but what this list does is written down. */
let quiet: MadeShow;
let endpointId: string;

beforeAll(async () => {
  running = await startApi(config);
  redis = new Redis(config.redisUrl);
  [otto, admin] = [await person(running, 'organizer'), await person(running, 'admin')];
  [desk, show] = [await makeDesk(running, otto), await makeShow(running.app.db, 60)];
  quiet = await makeShow(running.app.db, 60);
  const hook = { name: 'Sorted', url: 'https://hooks.example/', events: ['booking.confirmed'] };
  endpointId = await post('/webhook-endpoints', hook);
});
afterAll(async () => {
  await redis.quit();
  await running.close();
});

const letter = (n: number) => String.fromCharCode(97 + n);
const ask = (what: string, by: Person | null, body?: unknown) =>
  call(running.url, what, { ...(by ? { token: by.token } : {}), ...(body === undefined ? {} : { body }) });
const post = async (path: string, body: object) => idOf(await ask(`POST ${path}`, otto, body));
const sql = (text: string, ...values: unknown[]) => running.app.db.query(text, values);

/** A list, and how to put a row into it that sorts by `n`, and to take it away. */
interface List {
  path: () => string;
  by: () => Person | null;
  add: (n: number) => Promise<string>;
  remove?: (id: string) => Promise<unknown>;
}

const deleted = (things: string) => async (id: string) =>
  expect((await ask(`DELETE /${things}/${id}`, otto)).status, id).toBe(204);
const day = (n: number) => new Date(Date.UTC(2031, 0, 1 + n, 19)).toISOString();
const mark = 'Sorted';
let user = '';

const lists: Record<string, List> = {
  'GET /venues': {
    ...{ path: () => `/venues?q=${mark}`, by: () => otto, remove: deleted('venues') },
    add: (n) => post('/venues', { ...VENUE, name: `${letter(n)} ${mark}` })
  },
  'GET /plans': {
    ...{ path: () => `/plans?q=${mark}`, by: () => otto, remove: deleted('plans') },
    add: (n) => post('/plans', { venueId: desk.venueId, name: `${letter(n)} ${mark}` })
  },
  'GET /events?mine=true': {
    ...{ path: () => `/events?mine=true&q=${mark}mine`, by: () => otto, remove: deleted('events') },
    add: (n) => post('/events', { kind: 'other', title: `${letter(n)} ${mark}mine` })
  },
  'GET /events, the soonest first': {
    ...{ path: () => `/events?q=${mark}soon`, by: () => null, remove: deleted('events') },
    add: (n) => onSale(`${mark}soon`, n)
  },
  'GET /events by title': {
    ...{ path: () => `/events?sort=title&q=${mark}title`, by: () => null, remove: deleted('events') },
    add: (n) => onSale(`${letter(n)} ${mark}title`, 50 - n)
  },
  'GET /shows': {
    ...{ path: () => `/shows?event=${desk.eventId}`, by: () => otto, remove: deleted('shows') },
    add: (n) => post('/shows', { ...{ eventId: desk.eventId, planId: desk.planId }, ...terms, startsAt: day(n) })
  },
  'GET /promo-codes': {
    ...{ path: () => '/promo-codes?sort=code', by: () => otto },
    add: (n) => post('/promo-codes', { code: `${letter(n)}-SORTED`, off: { share: 1000 } }),
    remove: (id) => sql('delete from promo_code where id = $1', id)
  },
  'GET /bookings/mine': {
    ...{ path: () => '/bookings/mine', by: () => admin },
    add: (n) => sold(n, user)
  },
  'GET /admin/bookings': {
    ...{ path: () => `/admin/bookings?show=${show.id}&from=2019-01-01&to=2019-12-31`, by: () => admin },
    add: async (n) => sold(n, await makeUser(running.app.db), 2019)
  },
  'GET /admin/audit': {
    ...{ path: () => `/admin/audit?kind=venue&thing=${desk.venueId}`, by: () => otto },
    add: async (n) => {
      expect((await ask(`PATCH /venues/${desk.venueId}`, otto, { address: `Street ${n}` })).status).toBe(200);
      const { rows } = await sql('select max(id)::int as id from audit_log where thing_id = $1', desk.venueId);
      return String((rows[0] as { id: number }).id);
    }
  },
  'GET /admin/users': {
    ...{ path: () => `/admin/users?q=${mark.toLowerCase()}.example`, by: () => admin },
    async add(n) {
      const id = await makeUser(running.app.db);
      await sql('update app_user set email = $2 where id = $1', id, `${letter(n)}@${mark.toLowerCase()}.example`);
      return id;
    },
    remove: (id) => sql('delete from app_user where id = $1', id)
  },
  'GET /shows/{id}/live-holds, those that end in the same moment too': {
    ...{ path: () => `/shows/${show.id}/live-holds`, by: () => admin },
    async add(n) {
      const token = String((await ask('POST /buyers', null)).body?.['token']);
      const body = { seats: [n] };
      const held = await call(running.url, `POST /shows/${show.id}/holds`, { buyer: token, body });
      const { id, deadline } = held.body?.['hold'] as { id: string; deadline: number };
      const due = `${config.redisPrefix}{show:${show.id}}:due`;
      sameMoment ||= deadline;
      expect(await redis.zadd(due, 'XX', 'CH', sameMoment, id)).toBeLessThanOrEqual(1);
      return id;
    },
    remove: async (id) => expect((await ask(`DELETE /shows/${show.id}/live-holds/${id}`, admin)).status, id).toBe(204)
  },
  'GET /webhook-endpoints/{id}/deliveries': {
    ...{ path: () => `/webhook-endpoints/${endpointId}/deliveries`, by: () => otto },
    async add(n) {
      const { rows } = await sql(
        `insert into webhook_delivery (endpoint_id, event_key, type, body, state, created_at)
         values ($1, $2, 'booking.confirmed', '{}', 'DONE', $3) returning id`,
        ...[endpointId, `sorted ${n}`, new Date(Date.UTC(2020, 0, 1 + n))]
      );
      return (rows[0] as { id: string }).id;
    },
    remove: (id) => sql('delete from webhook_delivery where id = $1', id)
  },
  'GET /admin/shows/{id}/seat-events': {
    ...{ path: () => `/admin/shows/${quiet.id}/seat-events`, by: () => admin },
    async add(n) {
      const token = String((await ask('POST /buyers', null)).body?.['token']);
      await call(running.url, `POST /shows/${quiet.id}/holds`, { buyer: token, body: { seats: [n] } });
      return until('it is kept', async () => {
        const { body } = await ask(`GET /admin/shows/${quiet.id}/seat-events?limit=200`, admin);
        const last = (body as { items: (Item & { seats: number[] })[] }).items.at(-1);
        return last?.seats[0] === n && nameOf(last);
      });
    }
  }
};
let sameMoment = 0;
/** Entries of the log of seats have no id: their epoch and version name them. */
interface Item {
  id?: string | number;
  epoch?: number;
  version?: number;
}
const nameOf = ({ id, epoch, version }: Item) => String(id ?? `${epoch}.${version}`);

const terms = { currency: 'EUR', prices: PRICES };
async function onSale(title: string, n: number): Promise<string> {
  const eventId = await post('/events', { kind: 'other', title });
  await post('/shows', { ...{ eventId, planId: desk.planId }, ...terms, startsAt: day(n) });
  return eventId;
}
async function sold(n: number, userId: string, year = 2020): Promise<string> {
  const at = new Date(Date.UTC(year, 0, 1 + n));
  const [id = ''] = await sell(running.app.db, [{ show, userId, at, seats: [{ index: n, price: 100, live: false }] }]);
  return id;
}

async function page(list: List, limit: number, cursor: string | null) {
  const path = list.path();
  const more = `${path.includes('?') ? '&' : '?'}limit=${limit}${cursor === null ? '' : `&cursor=${cursor}`}`;
  const { body, text } = await ask(`GET ${path}${more}`, list.by());
  const { items, next } = body as { items: Item[]; next: string | null };
  expect(items, text).toBeDefined();
  return { ids: items.map(nameOf), next };
}

describe('a list that changes while it is read', () => {
  it.each(Object.entries(lists))('%s', async (_, list) => {
    user = admin.id;
    const made = [];
    for (const n of [4, 6, 8, 10, 12, 14, 16]) made.push(await list.add(n));
    const before = (await page(list, 100, null)).ids;

    const first = await page(list, 3, null);
    expect(first.ids).toEqual(before.slice(0, 3));
    // Rows before, among and after those that were read; the one that the cursor names goes, and one not read yet.
    const added = [await list.add(1), await list.add(9), await list.add(20)];
    const gone = list.remove ? [first.ids[2] ?? '', before[4] ?? ''] : [];
    for (const id of gone) await list.remove?.(id);

    const read = [...first.ids];
    for (let next = first.next; next !== null;) {
      const more = await page(list, 3, next);
      read.push(...more.ids);
      next = more.next;
      expect(read.length).toBeLessThan(50);
    }
    expect(new Set(read).size, 'no row twice').toBe(read.length);
    const stayed = before.filter((id) => !gone.includes(id));
    expect(
      read.filter((id) => stayed.includes(id)),
      'every row that stayed'
    ).toEqual(stayed);
    expect(read.slice(3), 'none that is gone').not.toContain(before[gone.length > 0 ? 4 : -1]);
    const now = (await page(list, 100, null)).ids;
    expect(now).toEqual(expect.arrayContaining(added));
    expect(
      read.filter((id) => now.includes(id)),
      'in the order of the list'
    ).toEqual(now.filter((id) => read.includes(id)));
    expect(made.filter((id) => stayed.includes(id)).length).toBe(made.length - gone.length);
  });

  it('is one of these, or the list that a gate takes along: no list of the API is left out', () => {
    const paged = allOperations.flatMap(({ key, operation }) =>
      operation.query instanceof z.ZodObject && 'cursor' in operation.query.shape && !key.includes('.csv') ? [key] : []
    );
    // The events are read by either of two schemas; the counts of a gate share theirs with its list, and have one page.
    const tried = new Set([...Object.keys(lists).map((name) => /^GET [^ ,?]+/.exec(name)?.[0]), 'GET /check-ins/list']);
    expect(paged.filter((key) => !tried.has(key) && key !== 'GET /check-ins/counts')).toEqual([]);
    expect(tried).toContain('GET /events');
  });

  it('the list that a gate takes along', async () => {
    const hall = await makeShow(running.app.db, 2100);
    await bookWithTickets(
      running.app.db,
      hall,
      Array.from({ length: 2020 }, (_, n) => n)
    );
    const read = async (cursor: string | null) => {
      const answer = await ask(`GET /check-ins/list?showId=${hall.id}${cursor ? `&cursor=${cursor}` : ''}`, admin);
      return answer.body as { items: { code: string; label: string }[]; next: string | null };
    };
    const first = await read(null);
    await bookWithTickets(running.app.db, hall, [2090]);
    await sql(
      'update ticket set void_at = now() where id = (select id from ticket where show_id = $1 order by id limit 1)',
      hall.id
    );
    const second = await read(first.next);
    const labels = [...first.items, ...second.items].map(({ label }) => label);
    expect(new Set(labels).size).toBe(labels.length);
    expect([labels.length === 2020 || labels.length === 2021, second.next]).toEqual([true, null]);
  });
});
