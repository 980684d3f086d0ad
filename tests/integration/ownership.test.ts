import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Running } from '../../server/serve.ts';
import { call, startApi } from './api-server.ts';
import { idOf, makeDesk, person, type Person } from './organizers.ts';
import { bookInPostgres } from './shows.ts';
import { makeConfig } from './stack.ts';

/**
 * Walks every route file there is as everybody whom the desk does not belong to. A new page, action or call is walked
 * without anyone remembering it; only what is meant for visitors is named here.
 */
const ROUTES = resolve(import.meta.dirname, '../../src/routes');
const MARK = 'Zebrafink';
/** Codes are in capitals. */
const MARKED = /zebrafink/i;
const FOR_VISITORS = new Set([
  ...['GET /events', 'GET /events/[id]', 'GET /shows/[id]', 'GET /shows/[id]/plan', 'GET /shows/[id]/seats'],
  ...[
    'POST /shows/[id]/holds',
    'GET /holds/[id]',
    'GET /holds/[id]/quote',
    'PATCH /holds/[id]',
    'DELETE /holds/[id]',
    'POST /buyers'
  ],
  ...['POST /bookings', 'GET /bookings/mine', 'GET /bookings/[id]', 'POST /bookings/[id]/cancel', 'GET /me'],
  ...['GET /bookings/[id]/tickets.pdf', 'GET /bookings/[id]/calendar.ics', 'GET /(site)/bookings/kept'],
  ...['POST /payments/[id]/sandbox', 'POST /webhooks/[gateway]'],
  ...['POST /auth/login', 'POST /auth/logout', 'POST /auth/signup', 'POST /auth/password-reset'],
  ...['POST /auth/password', 'POST /auth/email', 'PATCH /me', 'DELETE /me', 'POST /me/password', 'POST /me/email'],
  ...['GET /me/sessions', 'DELETE /me/sessions', 'DELETE /me/sessions/[id]', 'GET /me/export'],
  ...['POST /shows/[id]/waiting', 'DELETE /shows/[id]/waiting', 'GET /waiting/mine', 'POST /waiting/[id]/decline'],
  ...['GET /shows/[id]/waiting-room', 'POST /shows/[id]/waiting-room', 'DELETE /shows/[id]/waiting-room'],
  'GET /shows/[id]/waiting-room/draw',
  ...[
    'GET /shows/[id]/picture.png',
    'GET /shows/[id]/plan.bin',
    'GET /shows/[id]/seats.bin',
    'GET /sitemap.xml',
    'GET /robots.txt'
  ],
  'POST /(site)/language',
  'GET /(site)/design/offline',
  ...['GET /embed.js', 'GET /embed/continue', 'POST /embed/continue'],
  ...['GET /pictures/[name]', 'GET /openapi.json', 'GET /asyncapi.json', 'GET /docs']
]);
/** For admins alone: to an organizer they do not exist. */
const FOR_ADMINS = /^\/admin\/users/;
const METHODS = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);

let running: Running;
let ids: Awaited<ReturnType<typeof makeDesk>> & {
  bookingId: string;
  userId: string;
  promoId: string;
  tokenId: string;
  hookId: string;
  siteId: string;
};
let strangers: { who: string; person: Person | null }[];

const files = readdirSync(ROUTES, { recursive: true, encoding: 'utf8' });
const load = (file: string) => import(join(ROUTES, file)) as Promise<Record<string, unknown>>;

/** Each method of the API that is not for visitors, with its address. */
async function calls() {
  const found: { method: string; path: string }[] = [];
  for (const file of files.filter((name) => name.endsWith('+server.ts') && !name.includes('[...rest]'))) {
    const path = `/${file.replace(/^api\/v1\//, '').slice(0, -'/+server.ts'.length)}`;
    for (const method of Object.keys(await load(file)).filter((name) => METHODS.has(name))) {
      if (!FOR_VISITORS.has(`${method} ${path}`)) found.push({ method, path });
    }
  }
  return found;
}

/** Each page of the desk with the names of its actions. */
async function pages() {
  const found: { path: string; actions: string[] }[] = [];
  const inside = files.filter((name) => name.startsWith('(admin)/') && name.endsWith('+page.svelte'));
  for (const page of inside) {
    const server = page.replace('+page.svelte', '+page.server.ts');
    const actions = files.includes(server) ? Object.keys((await load(server))['actions'] ?? {}) : [];
    found.push({ path: page.slice('(admin)'.length, -'/+page.svelte'.length), actions });
  }
  return found;
}

/** The owner's own thing in the place of `[id]`. */
function filled(path: string): string {
  const { venueId, planId, eventId, showId, bookingId, userId, promoId, tokenId, hookId, siteId } = ids;
  const of: Record<string, string> = {
    ...{ venues: venueId, plans: planId, events: eventId, shows: showId },
    ...{
      bookings: bookingId,
      users: userId,
      'promo-codes': promoId,
      tokens: tokenId,
      ...{ webhooks: hookId, 'webhook-endpoints': hookId, 'embed-sites': siteId }
    }
  };
  const named = path.replace('/reports/[name]', '/reports/shows').replace('[delivery]', bookingId);
  return named.replaceAll(/([a-z-]+)\/\[id\]/g, (_, things: string) => {
    const id = of[things];
    if (!id) throw new Error(`the test does not know how to fill in ${path}`);
    return `${things}/${id}`;
  });
}

/** All that is sold, to see afterwards that nothing of it was changed. */
async function everything() {
  const { rows } = await running.app.db.query(
    `select (select json_agg(v order by v.id) from venue v where v.id = $1) as venue,
            (select json_agg(e order by e.id) from event e where e.id = $2) as event,
            (select json_agg(s order by s.id) from show s where s.event_id = $2) as shows,
            (select json_agg(t order by t.tier) from show_tier t where t.show_id = $3) as tiers,
            (select json_agg(p.id order by p.id) from seating_plan p where p.venue_id = $1) as plans,
            (select json_agg(c order by c.id) from promo_code c where c.id = $5) as promo,
            (select json_agg(t) from api_token t where t.user_id = $4) as tokens,
            (select json_agg(w) from webhook_endpoint w where w.id = $6) as webhook,
            (select json_agg(w) from embed_site w where w.id = $7) as site,
            (select role from app_user where id = $4) as role`,
    [ids.venueId, ids.eventId, ids.showId, ids.userId, ids.promoId, ids.hookId, ids.siteId]
  );
  return rows[0] as Record<string, unknown>;
}

const page = (path: string, by: Person | null, form?: string) =>
  fetch(`${running.url}${path}`, {
    redirect: 'manual',
    headers: {
      accept: 'text/html',
      ...(by ? { cookie: `fullhouse_session=${by.token}` } : {}),
      ...(form === undefined ? {} : { origin: running.url, 'content-type': 'application/x-www-form-urlencoded' })
    },
    ...(form === undefined ? {} : { method: 'POST', body: form })
  });

beforeAll(async () => {
  running = await startApi(await makeConfig());
  const owner = await person(running, 'organizer');
  const desk = await makeDesk(running, owner, MARK);
  const { bookingId } = await bookInPostgres(running.app.db, { ...desk, id: desk.showId, organizerId: owner.id }, [0]);
  await running.app.db.query('update app_user set name = $2 where id = $1', [owner.id, `${MARK} the owner`]);
  const promo = { code: `${MARK}-10`, off: { share: 1000 }, shows: [desk.showId] };
  const promoId = idOf(await call(running.url, 'POST /promo-codes', { token: owner.token, body: promo }));
  const apiToken = { name: MARK, scopes: ['control'], days: 7 };
  const tokenId = idOf(await call(running.url, 'POST /me/tokens', { token: owner.token, body: apiToken }));
  const hook = { name: MARK, url: `https://example.org/${MARK}`, events: ['booking.confirmed'] };
  const hookId = idOf(await call(running.url, 'POST /webhook-endpoints', { token: owner.token, body: hook }));
  const site = { origin: `https://${MARK}.example` };
  const siteId = idOf(await call(running.url, 'POST /embed-sites', { token: owner.token, body: site }));
  ids = { ...desk, bookingId, userId: owner.id, promoId, tokenId, hookId, siteId };
  strangers = [
    { who: 'anonymous', person: null },
    { who: 'a customer', person: await person(running) },
    { who: 'staff', person: await person(running, 'staff') },
    { who: 'another organizer', person: await person(running, 'organizer') }
  ];
});
afterAll(() => running.close());

describe('what is not theirs', () => {
  it('no call of the API shows or changes', { timeout: 120_000 }, async () => {
    const before = await everything();
    const walked = await calls();
    expect(walked.map(({ method, path }) => `${method} ${path}`)).toContain('PATCH /shows/[id]');
    for (const { method, path } of walked) {
      for (const { who, person: by } of strangers) {
        const answer = await call(running.url, `${method} ${filled(path)}`, {
          ...(by ? { token: by.token } : {}),
          ...(method === 'GET' || method === 'DELETE' ? {} : { body: {} })
        });
        const what = `${method} ${path} as ${who}: ${answer.status} ${answer.text}`;
        const sells = who === 'another organizer' && !FOR_ADMINS.test(path);
        // Who sells has lists and forms of their own; whatever belongs to somebody else does not exist for them.
        const allowed = !sells ? [401, 403, 404] : path.includes('[id]') ? [404] : [200, 422];
        expect(allowed, what).toContain(answer.status);
        expect(answer.text, what).not.toMatch(MARKED);
      }
    }
    expect(await everything()).toEqual(before);
  });

  it('no page shows, and no form changes', { timeout: 120_000 }, async () => {
    const before = await everything();
    const walked = await pages();
    expect(walked.flatMap(({ path, actions }) => actions.map((name) => `${path}?/${name}`))).toContain(
      '/admin/venues/[id]?/remove'
    );
    for (const { path, actions } of walked) {
      const place = filled(path);
      for (const { who, person: by } of strangers) {
        const own = who === 'another organizer' && !path.includes('[id]') && !FOR_ADMINS.test(path);
        const looked = await page(place, by);
        expect(looked.status, `${path} as ${who}`).toBe(own ? 200 : 404);
        expect(await looked.text(), `${path} as ${who}`).not.toMatch(MARKED);
        // What the client asks for when it moves on: without the layouts, which it has already.
        const data = await page(`${place}/__data.json?x-sveltekit-invalidated=001`, by);
        expect(await data.text(), `data of ${path} as ${who}`).not.toMatch(MARKED);
        for (const name of actions) {
          const form = `planId=${ids.planId}&eventId=${ids.eventId}&name=Stolen&version=1&sale=paused&text=Stolen`;
          const sent = await page(`${place}?${name === 'default' ? '' : `/${name}`}`, by, form);
          expect(own ? [404, 422] : [404], `${path}?/${name} as ${who}`).toContain(sent.status);
          expect(await sent.text(), `${path}?/${name} as ${who}`).not.toMatch(MARKED);
        }
      }
    }
    expect(await everything()).toEqual(before);
  });

  it('cannot be copied or sold by naming it', async () => {
    const other = strangers.at(-1)?.person ?? null;
    for (const path of [
      'venues/new?copy=',
      'events/new?copy=',
      'shows/new?copy=',
      'shows/new?event=',
      'shows/new?plan='
    ]) {
      const id = { v: ids.venueId, e: ids.eventId, s: ids.showId }[path[0] ?? ''] ?? '';
      const named = path.endsWith('event=') ? ids.eventId : path.endsWith('plan=') ? ids.planId : id;
      expect((await page(`/admin/${path}${named}`, other)).status, path).toBe(404);
    }
    const token = other?.token ?? '';
    const body = { eventId: ids.eventId, planId: ids.planId, startsAt: '2031-01-01T19:00:00Z', currency: 'EUR' };
    const show = await call(running.url, 'POST /shows', { token, body: { ...body, prices: {} } });
    expect(show.body).toMatchObject({ code: 'INVALID', errors: [{ path: 'eventId' }] });
    const own = await makeDesk(running, { id: '', token }, 'Own');
    const mixed = { ...body, eventId: own.eventId, prices: { floor: 1, gallery: 1, standing: 1 } };
    const sold = await call(running.url, 'POST /shows', { token, body: mixed });
    expect(sold.body).toMatchObject({ code: 'INVALID', errors: [{ path: 'planId' }] });
    const plan = { venueId: ids.venueId, name: 'Mine', generate: 120 };
    expect((await call(running.url, 'POST /plans', { token, body: plan })).status).toBe(404);
  });
});

describe('an admin', () => {
  it('sees and changes what is everybody’s', async () => {
    const admin = await person(running, 'admin');
    const path = `/venues/${ids.venueId}`;
    const changed = await call(running.url, `PATCH ${path}`, {
      token: admin.token,
      body: { address: 'Side Street 1' }
    });
    expect(changed.body).toMatchObject({ address: 'Side Street 1' });
    for (const { path: place } of await pages()) {
      expect((await page(filled(place), admin)).status, place).toBe(200);
    }
  });
});
