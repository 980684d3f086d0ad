import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { socketCommands } from '../../../src/lib/domain/api/sockets.ts';
import type { Running } from '../../../server/serve.ts';
import { call, startApi } from '../api-server.ts';
import { person, type Person } from '../organizers.ts';
import { makeConfig } from '../stack.ts';
import { visitorsOf } from '../visitors.ts';
import { everything, makeLoot, type Loot } from './house.ts';
import { actionOf, calls, filled, pages } from './manifest.ts';
import { cookieOf, FORM, send } from './raw.ts';

/**
 * S8, S9, S10: everything there is, asked for by whoever it does not belong to. (../ownership.test.ts asks for the desk
 * with bodies that would be right; here it is every address, with whatever it takes.)
 */
let running: Running;
let loot: Loot;
let strangers: { who: string; person: Person | null }[];
const visitors = visitorsOf(() => [running]);
const MARK = /zebrafink/i;

beforeAll(async () => {
  running = await startApi(await makeConfig({ WORKER: 'separate' }));
  loot = await makeLoot(running, 'Zebrafink');
  strangers = [
    { who: 'anonymous', person: null },
    { who: 'another customer', person: await person(running) },
    { who: 'another organizer', person: await person(running, 'organizer') },
    { who: 'staff of another house', person: await person(running, 'staff') }
  ];
});
afterAll(async () => {
  visitors.leaveAll();
  await running.close();
});

/** What everybody may have. All else is somebody's: an address that is new is denied to strangers, or named here. */
const PUBLIC = new Set([
  ...['GET /', 'GET /events/[slug]', 'GET /shows/[id]', 'GET /pictures/[name]'],
  ...[
    'GET /shows/[id]/picture.png',
    'GET /shows/[id]/plan.bin',
    'GET /shows/[id]/seats.bin',
    'GET /sitemap.xml',
    'GET /robots.txt'
  ],
  ...['GET /design', 'GET /design/offline'],
  ...['GET /embed.js', 'GET /embed/shows/[id]', 'GET /embed/continue', 'POST /embed/continue'],
  ...['GET /sign-in', 'GET /sign-up', 'GET /forgot-password', 'GET /reset-password', 'GET /confirm-email'],
  ...['POST /sign-in', 'POST /sign-up', 'POST /forgot-password', 'POST /reset-password', 'POST /confirm-email'],
  // The language of this browser's pages.
  'POST /language',
  // Leaving the line is one's own.
  ...['POST /shows/[id]/waiting-room', 'DELETE /api/v1/shows/[id]/waiting-room'],
  ...['GET /sign-out', 'POST /sign-out', 'POST /shows/[id]', 'GET /api/v1/events', 'GET /api/v1/events/[id]'],
  ...['GET /api/v1/shows/[id]', 'GET /api/v1/shows/[id]/plan', 'GET /api/v1/shows/[id]/seats'],
  ...['POST /api/v1/buyers', 'POST /api/v1/shows/[id]/holds', 'POST /api/v1/webhooks/[gateway]'],
  ...['POST /api/v1/auth/login', 'POST /api/v1/auth/signup', 'POST /api/v1/auth/password-reset'],
  ...['POST /api/v1/auth/password', 'POST /api/v1/auth/email'],
  ...['GET /api/v1/openapi.json', 'GET /api/v1/asyncapi.json', 'GET /api/v1/docs']
]);
/** What is one's own for whoever signed in: a list or a form that names nobody else's things. */
const MINE =
  '/account|/bookings(?:/kept)?|/check-in|/api/v1/(?:me(?:/.*)?|bookings(?:/mine)?|waiting/mine|auth/logout|shows/\\[id\\]/waiting)';
const OWN: Readonly<Record<string, RegExp>> = {
  'another customer': new RegExp(`^(?:${MINE})$`),
  'staff of another house': new RegExp(`^(?:${MINE}|/api/v1/check-ins(?:/.*)?)$`),
  // A list, a report or a form of what they have themselves: nothing is named by an id.
  'another organizer': new RegExp(`^(?:${MINE}|(?!.*\\[(?!name\\]))(?!/(?:api/v1/)?admin/users).*)$`)
};
/** Addresses that name one thing. */
const NAMES_ONE = /\[(?!name\])/;
/** What a call must be sent for it to look at whose the thing is. */
const BODIES: Readonly<Record<string, string>> = { 'POST /api/v1/payments/[id]/sandbox': '{"outcome":"success"}' };
/** A hold that is over has a page that says so, and so has one that never was, or is another's. */
const SAME_AS_NONE = '/checkout/[holdId]';

/** Whose things the parameters of an address are filled with: the victims' own. */
function theirs(name: string, path: string): string {
  const { desk, show } = loot;
  const folder = /([\w-]+)\/\[[^/]*$/.exec(path.slice(0, path.indexOf(`[${name}]`) + 1))?.[1] ?? '';
  const of: Record<string, string> = {
    ...{ bookings: loot.confirmedId, pay: loot.paymentId, payments: loot.paymentId, checkout: loot.holdId },
    ...{ holds: loot.holdId, 'live-holds': loot.holdId, waiting: loot.wishId, sessions: loot.sessionId },
    ...{ tokens: loot.tokenId, 'promo-codes': loot.promoId, webhooks: loot.hookId, 'webhook-endpoints': loot.hookId },
    'embed-sites': loot.siteId,
    ...{ deliveries: randomUUID(), venues: desk.venueId, plans: desk.planId, events: desk.eventId, shows: desk.showId },
    ...{ users: loot.customer.id, 'check-in': show.id, 'live-seats': '1', reports: 'shows' }
  };
  const id = of[folder];
  if (id === undefined)
    throw new Error(`whose is [${name}] in ${path}? Name a thing of the victims in ${import.meta.filename}`);
  return id;
}

describe('S8, S9, S10: strangers', () => {
  it('get nothing from any call, and change nothing', { timeout: 120_000 }, async () => {
    const before = await everything(running);
    const walked = (await calls()).filter(({ method, path }) => !PUBLIC.has(`${method} ${path}`));
    expect(walked.map(({ method, path }) => `${method} ${path}`)).toContain('POST /api/v1/bookings/[id]/cancel');
    const wrong: string[] = [];
    for (const { method, path } of walked) {
      for (const { who, person: by } of strangers) {
        if (OWN[who]?.test(path) && !NAMES_ONE.test(path)) continue;
        const answer = await send(running.url, `${method} ${filled(path, theirs)}`, {
          headers: {
            ...(by ? { authorization: `Bearer ${by.token}` } : {}),
            ...(method === 'GET' ? {} : { 'content-type': 'application/json', 'idempotency-key': randomUUID() })
          },
          ...(method === 'GET' ? {} : { body: BODIES[`${method} ${path}`] ?? '{}' })
        });
        const what = `${method} ${path} as ${who}: ${answer.status} ${answer.text.slice(0, 200)}`;
        const refused = OWN[who]?.test(path) ? [403, 404, 409, 422] : [401, 403, 404];
        if (!refused.includes(answer.status)) wrong.push(what);
        // Who is signed in and asks for a thing by its id is not told that it exists.
        if (by !== null && answer.status === 403 && /^\/api\/v1\/(bookings|holds|payments|waiting)\//.test(path))
          wrong.push(what);
        if (MARK.test(answer.text)) wrong.push(`told: ${what}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(await everything(running)).toEqual(before);
  });

  it('see no page and send no form of what is not theirs', { timeout: 120_000 }, async () => {
    const before = await everything(running);
    const wrong: string[] = [];
    const walked = await pages();
    expect(walked.flatMap(({ path, actions }) => actions.map((name) => `${path}?/${name}`))).toContain(
      '/bookings/[id]?/cancel'
    );
    for (const { path, actions } of walked.filter((one) => one.path !== SAME_AS_NONE)) {
      for (const { who, person: by } of strangers) {
        const own = OWN[who]?.test(path) ?? false;
        const cookie = by ? cookieOf(by.token) : {};
        const asked = PUBLIC.has(`GET ${path}`) ? [] : ['', ...(own ? [] : ['/__data.json'])];
        for (const end of asked) {
          const { status, text, headers } = await send(running.url, `GET ${filled(path, theirs)}${end}`, {
            headers: { accept: 'text/html', ...cookie }
          });
          // Kit answers what a page would be with 200 and says inside where to go: nothing of the victims may stand there.
          const fine = own ? [200, 303, 404] : [404, 401, 403];
          const home = status === 303 && String(headers.location).startsWith('/sign-in');
          const data = end !== '' && status === 200 && /"type":"(redirect|error)"/.test(text);
          if (!(fine.includes(status) || home || data)) wrong.push(`GET ${path}${end} as ${who}: ${status}`);
          if (MARK.test(text)) wrong.push(`told: GET ${path}${end} as ${who}`);
        }
        if (PUBLIC.has(`POST ${path}`) || (own && !NAMES_ONE.test(path))) continue;
        for (const name of actions) {
          const { status, text, headers } = await send(running.url, `POST ${filled(path, theirs)}${actionOf(name)}`, {
            headers: { accept: 'text/html', origin: running.url, 'content-type': FORM, ...cookie },
            body: 'version=1&name=Stolen&outcome=success&key=k&ids=1&state=open'
          });
          const home = status === 303 && String(headers.location).startsWith('/sign-in');
          if (!home && ![401, 403, 404].includes(status)) wrong.push(`POST ${path}?/${name} as ${who}: ${status}`);
          if (MARK.test(text)) wrong.push(`told: POST ${path}?/${name} as ${who}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(await everything(running)).toEqual(before);
  });

  it('are shown of somebody else’s hold what they are shown of none', async () => {
    const of = async (hold: string, by: Person | null, what: string) => {
      const headers = {
        accept: 'text/html',
        origin: running.url,
        'content-type': FORM,
        ...(by ? cookieOf(by.token) : {})
      };
      const sent = await send(running.url, `${what} ${filled(SAME_AS_NONE, () => hold)}`, { headers, body: `key=k` });
      return {
        status: sent.status,
        text: sent.text.replaceAll(hold, 'HOLD').replaceAll(/nonce[=-]"?[\w+/=]+|"[\w-]{8,}"/g, '')
      };
    };
    const none = `${loot.show.id}.${'0'.repeat(loot.holdId.split('.')[1]?.length ?? 0)}`;
    for (const { who, person: by } of strangers) {
      for (const what of ['GET', 'POST']) {
        const [theirs, nobodys] = [await of(loot.holdId, by, what), await of(none, by, what)];
        expect(theirs.status, `${what} as ${who}`).toBe(nobodys.status);
        expect(theirs.text.length, `${what} as ${who}`).toBe(nobodys.text.length);
        expect(theirs.text).not.toMatch(MARK);
      }
    }
    const { rows } = await running.app.db.query('select 1 from booking where hold_id = $1', [loot.holdId]);
    expect(rows).toEqual([]);
  });

  it('say nothing over a socket that touches what is not theirs', async () => {
    const { id } = loot.show;
    const hold = { seats: [5], requestId: 'steal' };
    const said: Readonly<Record<keyof typeof socketCommands, object>> = {
      ...{ 'show:watch': {}, 'show:unwatch': {}, 'seats:hold': hold, 'seats:best': { count: 13, requestId: 'b' } },
      ...{ 'seats:release': {}, 'hold:extend': {}, 'check-in:watch': {}, 'control:watch': {}, 'control:unwatch': {} },
      ...{ 'waiting-room:enter': {}, 'waiting-room:leave': {}, 'show:look': { section: 'stalls' } }
    };
    expect(Object.keys(said).sort()).toEqual(Object.keys(socketCommands).sort());
    const seatsOf = async () =>
      (await call(running.url, `GET /holds/${loot.holdId}`, { token: loot.customer.token })).body?.['hold'] as object;
    const before = await seatsOf();
    expect(before).toMatchObject({ seats: [5, 6] });
    for (const { who, person: by } of strangers) {
      const socket = await visitors.connect(0, by ? { token: by.token } : {});
      for (const [name, payload] of Object.entries(said)) {
        const ack = (await socket.timeout(5000).emitWithAck(name, { showId: id, ...payload })) as Record<
          string,
          unknown
        >;
        const what = `${name} as ${who}: ${JSON.stringify(ack).slice(0, 200)}`;
        // Watching and leaving are everybody's, releasing nothing is nothing; the rest is refused.
        const harmless = /^(show:watch|show:unwatch|control:unwatch|seats:release|waiting-room:leave)$/.test(name);
        if (!harmless) expect(ack['ok'], what).toBe(false);
        if (name === 'control:watch' || name === 'check-in:watch') {
          expect(['NOT_FOUND', 'UNAUTHENTICATED', 'FORBIDDEN'], what).toContain(ack['code']);
        }
        for (const secret of [loot.customer.id, loot.holdId, loot.confirmedId]) {
          expect(JSON.stringify(ack), what).not.toContain(secret);
        }
      }
    }
    expect(await seatsOf()).toEqual(before);
  });
});
