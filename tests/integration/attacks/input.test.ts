import { randomUUID } from 'node:crypto';
import { stringify } from 'devalue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { allOperations } from '../../../src/lib/domain/api/operations.ts';
import { socketCommands } from '../../../src/lib/domain/api/sockets.ts';
import type { Running } from '../../../server/serve.ts';
import { startApi } from '../api-server.ts';
import { person, type Person } from '../organizers.ts';
import { makeConfig } from '../stack.ts';
import { visitorsOf } from '../visitors.ts';
import { makeLoot, type Loot } from './house.ts';
import { actionOf, calls, filled, pages } from './manifest.ts';
import { cookieOf, FORM, send } from './raw.ts';

/** S21, S22: fields that nobody asked for. */
let running: Running;
let loot: Loot;
let admin: Person;
const visitors = visitorsOf(() => [running]);

beforeAll(async () => {
  // A command that was too fast would be refused for that, and its payload not be looked at.
  const fast = { LIMIT_SOCKET_COMMANDS: '1000', LIMIT_BUYER_COMMANDS: '1000' };
  running = await startApi(await makeConfig({ WORKER: 'separate', ...fast }));
  loot = await makeLoot(running, 'Zebrafink');
  admin = await person(running, 'admin');
});
afterAll(async () => {
  visitors.leaveAll();
  await running.close();
});

const clean = () => {
  const probe: Record<string, unknown> = {};
  expect([probe['polluted'], probe['isAdmin'], Object.keys(Object.prototype)]).toEqual([undefined, undefined, []]);
};
const POLLUTING = [
  '{"__proto__":{"polluted":1,"isAdmin":true}}',
  '{"constructor":{"prototype":{"polluted":1}}}',
  '{"a":{"__proto__":{"polluted":1}},"types":{"__proto__":{"polluted":1}},"prices":{"__proto__":1}}',
  '[{"__proto__":{"polluted":1}}]'
];

describe('S21: prototypes', () => {
  it('are not reached by the body of any call', { timeout: 60_000 }, async () => {
    for (const { method, path } of (await calls()).filter((one) => one.method !== 'GET')) {
      for (const body of POLLUTING) {
        const headers = {
          authorization: `Bearer ${admin.token}`,
          'content-type': 'application/json',
          'idempotency-key': randomUUID()
        };
        const { status } = await send(running.url, `${method} ${filled(path, () => randomUUID())}`, { headers, body });
        expect(status, `${method} ${path}`).toBeLessThan(500);
      }
      clean();
    }
  });

  it(
    'are not reached by any form, in its fields or in what Kit and superforms read as devalue',
    { timeout: 60_000 },
    async () => {
      const fields = [
        '__proto__[polluted]=1',
        '__proto__.polluted=1',
        'constructor[prototype][polluted]=1',
        '__proto__=polluted',
        'a[__proto__][polluted]=1'
      ];
      const devalues = [
        '[{"__proto__":1},{"polluted":2},1]',
        '[["Object","__proto__",1],{"polluted":2},1]',
        '[["null","__proto__",1],{"polluted":2},1]',
        stringify({ name: 'x', tags: { constructor: { prototype: { polluted: 1 } } } })
      ].map((text) => `__superform_json=${encodeURIComponent(text)}`);
      for (const { path, actions } of await pages()) {
        for (const name of actions) {
          for (const body of [fields.join('&'), ...devalues]) {
            const headers = {
              ...cookieOf(admin.token),
              origin: running.url,
              accept: 'text/html',
              'content-type': FORM
            };
            const { status } = await send(running.url, `POST ${filled(path, () => randomUUID())}${actionOf(name)}`, {
              headers,
              body
            });
            expect(status, `${path}?/${name}: ${body}`).toBeLessThan(500);
          }
          clean();
        }
      }
    }
  );

  it('are not reached by an address', async () => {
    for (const query of ['__proto__[polluted]=1', '__proto__=1', 'constructor=1', 'types=__proto__:1']) {
      for (const path of ['/', '/api/v1/events', `/api/v1/holds/${loot.holdId}/quote`, '/admin/bookings']) {
        const { status } = await send(running.url, `GET ${path}?${query}`, { headers: cookieOf(admin.token) });
        expect(status, path).toBeLessThan(500);
      }
    }
    clean();
  });

  it('are not reached over a socket', async () => {
    const socket = await visitors.guest(0);
    for (const name of [...Object.keys(socketCommands), '__proto__', 'constructor', 'toString', 'valueOf']) {
      for (const body of POLLUTING) {
        const ack = (await socket.timeout(5000).emitWithAck(name, JSON.parse(body))) as { ok: boolean; code: string };
        expect(ack.ok, `${name} ${body}`).toBe(false);
        expect(ack.code, `${name} ${body}`).not.toBe('RATE_LIMITED');
      }
    }
    clean();
  });
});

/** Paths in a schema at which an object takes fields that it does not name. */
function open(schema: unknown, at = ''): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { type, properties, additionalProperties } = schema as Record<string, unknown>;
  const here = type === 'object' && properties !== undefined && additionalProperties !== false ? [at || '/'] : [];
  return [...here, ...Object.entries(schema).flatMap(([name, value]) => open(value, `${at}/${name}`))];
}

describe('S22: fields that are not to be set', () => {
  it('are in no schema of a body or a command: whatever is not named is refused', () => {
    let bodies = 0;
    for (const { key, operation } of allOperations) {
      if (!(operation.body instanceof z.ZodType) || operation.bodyReadElsewhere) continue;
      bodies++;
      const schema = z.toJSONSchema(operation.body, { io: 'input', unrepresentable: 'any' });
      expect(open(schema), key).toEqual([]);
      const names = JSON.stringify(schema);
      // What only the server decides has no name anywhere.
      for (const name of [
        'passwordHash',
        'password_hash',
        'userId',
        'user_id',
        'organizerId',
        'organizer_id',
        'createdAt',
        'total',
        'paid',
        'deletedAt'
      ]) {
        expect(names, `${key} takes ${name}`).not.toContain(`"${name}":`);
      }
    }
    expect(bodies).toBeGreaterThan(25);
    for (const [name, { payload }] of Object.entries(socketCommands))
      expect(open(z.toJSONSchema(payload)), name).toEqual([]);
  });

  it('are refused by every call that takes a body, also of one’s own things', { timeout: 60_000 }, async () => {
    const evil = {
      role: 'admin',
      price: 1,
      price_cents: 1,
      total: 1,
      userId: admin.id,
      user_id: admin.id,
      organizerId: admin.id,
      status: 'CONFIRMED',
      id: randomUUID()
    };
    let refused = 0;
    for (const { method, path, operation } of allOperations) {
      if (!(operation.body instanceof z.ZodType) || operation.bodyReadElsewhere || operation.who === 'gateway')
        continue;
      const { status, text } = await send(running.url, `${method} /api/v1${owned(path)}`, {
        headers: {
          authorization: `Bearer ${loot.organizer.token}`,
          'content-type': 'application/json',
          'idempotency-key': randomUUID()
        },
        body: JSON.stringify(evil)
      });
      expect(status, `${method} ${path}: ${text}`).toBeGreaterThanOrEqual(400);
      expect(status, `${method} ${path}: ${text}`).toBeLessThan(500);
      if (status !== 422) continue;
      expect(text, `${method} ${path}`).toMatch(/unrecognized/i);
      refused++;
    }
    expect(refused).toBeGreaterThan(15);
  });

  it('change nothing when a form carries them along with what is right', async () => {
    const post = (path: string, by: Person, body: string) =>
      send(running.url, `POST ${path}`, {
        headers: { ...cookieOf(by.token), origin: running.url, accept: 'text/html', 'content-type': FORM },
        body
      });
    const extra = `role=admin&id=${admin.id}&userId=${admin.id}&user_id=${admin.id}&organizerId=${admin.id}&organizer_id=${admin.id}`;
    const rowOf = async (table: string, id: string) =>
      (await running.app.db.query<Record<string, unknown>>(`select * from ${table} where id = $1`, [id])).rows[0] ?? {};
    await post('/account?/name', loot.customer, `name=Renamed&${extra}&email=eve@evil.example&password_hash=x`);
    const user = await rowOf('app_user', loot.customer.id);
    expect(user).toMatchObject({ name: 'Renamed', role: 'customer', id: loot.customer.id });
    expect(user['email']).not.toBe('eve@evil.example');
    expect((await rowOf('app_user', admin.id))['name']).not.toBe('Renamed');

    const email = `${randomUUID()}@attacks.example`;
    await post(
      '/sign-up',
      { id: '', token: 'none' },
      `name=New&email=${encodeURIComponent(email)}&password=a+long+enough+password&${extra}`
    );
    const { rows } = await running.app.db.query<{ role: string; id: string }>(
      'select role, id from app_user where email = $1',
      [email]
    );
    expect(rows[0]?.role).toBe('customer');
    expect(rows[0]?.id).not.toBe(admin.id);

    const venue = `name=Mine+now&city=Berlin&country=de&timeZone=Europe%2FBerlin&address=&rooms=&version=1&slug=evil&${extra}`;
    await post(`/admin/venues/${loot.desk.venueId}?/save`, loot.organizer, venue);
    const saved = await rowOf('venue', loot.desk.venueId);
    expect(saved['organizer_id']).toBe(loot.organizer.id);
    // What a checkout says it costs, and who pays, is not asked.
    const pay = await post(
      `/checkout/${loot.holdId}`,
      loot.customer,
      `price=1&total=0&status=CONFIRMED&${extra}&key=${randomUUID()}`
    );
    expect([303, 422, 409]).toContain(pay.status);
    const bookings = await running.app.db.query<{ total: number; user_id: string; status: string }>(
      'select total, user_id, status from booking where hold_id = $1',
      [loot.holdId]
    );
    for (const booking of bookings.rows)
      expect(booking).toMatchObject({ total: 5000, user_id: loot.customer.id, status: 'PENDING' });
  });
});

/** The organizer's own thing in the place of `{id}`. */
function owned(path: string): string {
  const of: Record<string, string> = {
    ...{ venues: loot.desk.venueId, plans: loot.desk.planId, events: loot.desk.eventId, shows: loot.desk.showId },
    ...{ 'promo-codes': loot.promoId, 'webhook-endpoints': loot.hookId, tokens: loot.tokenId, users: loot.customer.id },
    'embed-sites': loot.siteId
  };
  return path.replaceAll(/([\w-]+)\/\{(\w+)\}/g, (_, folder: string) => `${folder}/${of[folder] ?? randomUUID()}`);
}
