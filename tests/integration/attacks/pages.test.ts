import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Running } from '../../../server/serve.ts';
import { call, startApi } from '../api-server.ts';
import { until } from '../house.ts';
import { idOf, PRICES, person, type Person } from '../organizers.ts';
import { startSmtp, type TestSmtp } from '../smtp.ts';
import { makeConfig } from '../stack.ts';
import { calls, filled, pages } from './manifest.ts';
import { cookieOf, FORM, send, type Sent } from './raw.ts';

/** S17: script in what people type, and the policy that would stop it where a page forgot to. */
const HOSTILE = `<img src=x onerror=alert(1)>"'><script>alert(2)</script></title>{{7*7}}`;
/** The same as it would stand in a page that does not escape it; some fields may not be as long. */
const RAW = /<img src=x|<script>alert/i;
let running: Running;
let smtp: TestSmtp;
let [admin, owner, ada] = [] as unknown as [Person, Person, Person & { email: string }];
let ids: Record<string, string>;

beforeAll(async () => {
  smtp = await startSmtp();
  running = await startApi(await makeConfig({ SMTP_URL: smtp.url }));
  [admin, owner] = [await person(running, 'admin'), await person(running, 'organizer')];
  const email = `${randomUUID()}@attacks.example`;
  const body = { email, password: 'a long enough password', name: HOSTILE };
  const signedUp = await call(running.url, 'POST /auth/signup', { body });
  ada = { id: (signedUp.body?.['user'] as { id: string }).id, token: String(signedUp.body?.['token']), email };
  ids = await hostileHouse();
});
afterAll(async () => {
  await running.close();
  await smtp.close();
});

const post = async (what: string, body: object, by: Person = owner, headers: Record<string, string> = {}) =>
  call(running.url, `POST ${what}`, { token: by.token, body, headers });

/** A sold show whose every name is an attack. */
async function hostileHouse(): Promise<Record<string, string>> {
  const where = { city: HOSTILE, address: HOSTILE, country: 'de', timeZone: 'Europe/Berlin' };
  const venueId = idOf(await post('/venues', { name: HOSTILE, ...where, rooms: [HOSTILE] }));
  const planId = idOf(await post('/plans', { venueId, name: HOSTILE, generate: 120 }));
  // Sections, rows, seats and tiers have names too: they are shown by the map's list and its tooltips.
  await running.app.db.query(
    `update seating_plan set geometry = jsonb_set(jsonb_set(geometry::jsonb, '{sections,0,name}', to_jsonb($2::text)),
                                                  '{tiers,0,name}', to_jsonb($2::text)) where id = $1`,
    [planId, HOSTILE]
  );
  await running.app.db.query('update plan_seat set label = $2 || label where plan_id = $1', [planId, HOSTILE]);
  const event = { kind: 'theatre', title: HOSTILE, description: HOSTILE };
  const eventId = idOf(await post('/events', event));
  const show = { eventId, planId, startsAt: '2031-12-12T19:30:00+01:00', currency: 'EUR', prices: PRICES };
  const showId = idOf(await post('/shows', show));
  const held = await post(`/shows/${showId}/holds`, { seats: [3] }, ada);
  const { id: holdId } = held.body?.['hold'] as { id: string };
  const order = { holdId, attendees: [HOSTILE] };
  const made = await post('/bookings', order, ada, { 'idempotency-key': randomUUID() });
  const { booking, payment } = made.body as { booking: { id: string }; payment: { id: string } };
  await post(`/payments/${payment.id}/sandbox`, { outcome: 'success' }, ada);
  await until('the mail with the tickets', () => smtp.to(ada.email).length > 0);
  const { rows } = await running.app.db.query<{ slug: string }>('select slug from event where id = $1', [eventId]);
  return {
    ...{ venues: venueId, plans: planId, events: eventId, shows: showId, bookings: booking.id, users: ada.id },
    ...{ pay: payment.id, slug: rows[0]?.slug ?? '' }
  };
}

const idFor = (name: string, path: string) => {
  const parts = path.split('/');
  if (name === 'slug') return ids['slug'] ?? '';
  const folder = parts.at(parts.findIndex((part) => part.startsWith(`[${name}]`)) - 1) ?? '';
  return ids[folder] ?? (name === 'name' ? 'shows' : name === 'showId' ? (ids['shows'] ?? '') : randomUUID());
};
const look = (what: string, by: Person | null, headers: Record<string, string> = {}) =>
  send(running.url, what, { headers: { accept: 'text/html', ...(by ? cookieOf(by.token) : {}), ...headers } });

/** What is wrong with the headers of an answer. */
function unprotected({ status, headers, text }: Sent): string[] {
  const policy = String(headers['content-security-policy'] ?? '');
  const part = (name: string) =>
    policy
      .split(';')
      .map((one) => one.trim().split(/\s+/))
      .find(([first]) => first === name)
      ?.slice(1);
  const scripts = part('script-src') ?? part('default-src') ?? ['*'];
  const isPage = /html/.test(String(headers['content-type'])) && /<script\b/.test(text);
  // What search engines read is data: no browser runs it.
  const inline = [...text.matchAll(/<script\b([^>]*)>/g)].filter(
    ([, given = '']) => !/\bsrc=|^ type="application\/ld\+json"$/.test(given)
  );
  const nonce = scripts.find((one) => one.startsWith("'nonce-"))?.slice(7, -1);
  return [
    ...(policy === '' ? ['no policy'] : []),
    ...(scripts.some((one) => /^(\*|https?:|data:|'unsafe-inline'|'unsafe-eval')$/.test(one))
      ? [`scripts: ${scripts.join(' ')}`]
      : []),
    ...(part('frame-ancestors')?.join() === "'none'" ? [] : ['frames']),
    ...(part('base-uri')?.join() === "'none'" ? [] : ['base']),
    ...(part('object-src')?.join() === "'none'" || part('default-src')?.join() === "'none'" ? [] : ['objects']),
    ...(headers['x-content-type-options'] === 'nosniff' ? [] : ['sniffed']),
    ...(headers['x-frame-options'] === 'DENY' ? [] : ['framed']),
    ...(headers['referrer-policy'] === undefined ? ['referrer'] : []),
    ...(isPage && inline.some(([, given = '']) => nonce === undefined || !given.includes(`nonce="${nonce}"`))
      ? ['a script without the nonce']
      : [])
  ].map((what) => `${status}: ${what}`);
}

describe('S17: the policy', () => {
  it('stands on every page and every call, for anybody', { timeout: 120_000 }, async () => {
    const wrong: string[] = [];
    const nonces = new Set<string>();
    const paths = new Set([...(await pages()).map(({ path }) => path), ...(await calls()).map(({ path }) => path)]);
    for (const path of paths) {
      for (const by of [null, ada, admin]) {
        const answer = await look(`GET ${filled(path, idFor)}`, by);
        // `/pictures` has no frame to be in: a picture that is not there is an error like others.
        wrong.push(...unprotected(answer).map((what) => `${path} ${what}`));
        const nonce = /'nonce-([^']+)'/.exec(String(answer.headers['content-security-policy']))?.[1];
        if (nonce !== undefined) {
          expect(nonces, path).not.toContain(nonce);
          nonces.add(nonce);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(nonces.size).toBeGreaterThan(50);
  });

  it('stands on whatever is refused or goes wrong', async () => {
    const form = { origin: running.url, 'content-type': FORM };
    const answers = {
      'no such page': await look('GET /nothing/here', null),
      'no such call': await look('GET /api/v1/nothing', null),
      'a wrong method': await send(running.url, 'DELETE /api/v1/events', {}),
      'another site': await look('POST /sign-in', null, { origin: 'https://evil.example', 'content-type': FORM }),
      'a call from another site': await look('POST /api/v1/buyers', null, { origin: 'https://evil.example' }),
      'a zero byte': await look('GET /?q=%00', null),
      'a zero byte in a call': await look('GET /api/v1/events?q=%00', null),
      'a search that is none': await look('GET /admin/bookings?limit=x', admin),
      'a form that is not right': await look('POST /sign-in', null, form),
      'no action of that name': await look('POST /sign-in?/nothing', null, form),
      'a token that is not good': await look('GET /api/v1/me', null, {
        authorization: `Bearer fh_${'a'.repeat(12)}_b`
      }),
      'a body that is too large': await send(running.url, 'POST /sign-in', {
        headers: form,
        body: 'a'.repeat(1_100_000)
      })
    };
    for (const [what, answer] of Object.entries(answers)) {
      expect(answer.status, what).toBeGreaterThanOrEqual(400);
      expect(unprotected(answer), what).toEqual([]);
    }
    for (const broken of ['GET /%E0%A4%A', 'GET /favicon.svg', 'GET /_app/version.json']) {
      const { headers, status } = await send(running.url, broken, {});
      expect([headers['x-content-type-options'], headers['x-frame-options']], `${broken} ${status}`).toEqual([
        'nosniff',
        'DENY'
      ]);
    }
  });

  it('too fast, too', async () => {
    const slow = await startApi(await makeConfig({ LIMIT_NETWORK_CALLS: '1', ADDRESS_HEADER: 'x-forwarded-for' }));
    try {
      const headers = { 'x-forwarded-for': '203.0.113.9', accept: 'text/html' };
      await send(slow.url, 'GET /', { headers });
      const answers = [
        await send(slow.url, 'GET /', { headers }),
        await send(slow.url, 'GET /api/v1/events', { headers })
      ];
      expect(answers.map(({ status }) => status)).toEqual([429, 429]);
      expect(answers.flatMap(unprotected)).toEqual([]);
    } finally {
      await slow.close();
      // The pages of this process belong to the service of this file again.
      Reflect.set(globalThis, Symbol.for('fullhouse.app'), running.app);
    }
  });
});

describe('S17: markup in a name', () => {
  it('is text on every page, to everybody', { timeout: 120_000 }, async () => {
    const seen: string[] = [];
    for (const { path } of await pages()) {
      for (const by of [null, ada, owner, admin]) {
        const { text, status } = await look(`GET ${filled(path, idFor)}`, by);
        expect(text, `${path} ${status}`).not.toMatch(RAW);
        if (status === 200 && text.includes('&lt;img src=x')) seen.push(path);
      }
    }
    // It was there to be seen, where visitors and where organizers look.
    expect(seen).toEqual(expect.arrayContaining(['/', '/events/[slug]', '/shows/[id]', '/bookings/[id]']));
    expect(seen).toEqual(expect.arrayContaining(['/admin/shows', '/admin/venues', '/admin/events', '/admin/users']));
  });

  it('is text in the mail with the tickets, and in no header of it', () => {
    const mail = smtp.to(ada.email)[0];
    expect(mail?.html).not.toMatch(RAW);
    expect(mail?.html).toContain('&lt;img src=x');
    expect(mail?.recipients).toEqual([ada.email]);
  });

  it('is a string in the API, which no browser takes for a page', async () => {
    for (const path of [
      `/events/${ids['slug'] ?? ''}`,
      `/shows/${ids['shows'] ?? ''}`,
      `/shows/${ids['shows'] ?? ''}/plan`
    ]) {
      const { headers, status } = await look(`GET /api/v1${path}`, null);
      expect([status, headers['x-content-type-options']]).toEqual([200, 'nosniff']);
      expect(headers['content-type']).toMatch(/^application\/json/);
    }
  });

  it('ends no calendar entry, and is drawn as letters on a ticket', async () => {
    const by = { token: ada.token };
    const calendar = await call(running.url, `GET /bookings/${ids['bookings'] ?? ''}/calendar.ics`, by);
    expect(calendar.text.match(/^BEGIN:VEVENT/gm)).toHaveLength(1);
    const pdf = await call(running.url, `GET /bookings/${ids['bookings'] ?? ''}/tickets.pdf`, by);
    expect(pdf.status).toBe(200);
    expect(pdf.text).not.toMatch(/\/JavaScript|\/OpenAction|\/Launch/);
  });
});
