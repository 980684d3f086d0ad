import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Running } from '../../../server/serve.ts';
import { startApi } from '../api-server.ts';
import { person } from '../organizers.ts';
import { makeConfig } from '../stack.ts';
import { everything, makeLoot } from './house.ts';
import { actionOf, calls, filled, pages } from './manifest.ts';
import { cookieOf, FORM, send } from './raw.ts';

/** S3: what another site makes a visitor's browser send. An admin's: nobody has more to lose. */
let running: Running;
let cookie: Record<string, string>;

beforeAll(async () => {
  running = await startApi(await makeConfig({ WORKER: 'separate' }));
  await makeLoot(running, 'Zebrafink');
  cookie = cookieOf((await person(running, 'admin')).token);
});
afterAll(() => running.close());

/** As a browser may send it without asking the server first, and as it may not. */
const TYPES = [
  ...[FORM, 'multipart/form-data; boundary=x', 'text/plain', 'text/plain;charset=UTF-8', 'application/json'],
  ...['APPLICATION/X-WWW-FORM-URLENCODED', 'Multipart/Form-Data; boundary=x', 'TEXT/PLAIN', `${FORM}; charset=utf-8`]
];
const FROM: Record<string, string>[] = [
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { origin: 'http://127.0.0.1.evil.example' },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' }
];
const someId = () => randomUUID();

describe('S3: another site', () => {
  it('reaches no form action and no call that changes something, in whatever type it sends', async () => {
    const before = await everything(running);
    const targets = [
      ...(await calls())
        .filter(({ method }) => method !== 'GET')
        .map(({ method, path }) => `${method} ${filled(path, someId)}`),
      ...(await pages()).flatMap(({ path, actions }) =>
        actions.map((name) => `POST ${filled(path, someId)}${actionOf(name)}`)
      )
    ];
    expect(targets).toContain('POST /sign-in');
    expect(targets.length).toBeGreaterThan(100);
    const let_in: string[] = [];
    for (const [n, target] of targets.entries()) {
      // Each target by every type, and from one place after another.
      await Promise.all(
        TYPES.map(async (type, t) => {
          const from = FROM[(n + t) % FROM.length] ?? {};
          const headers = { ...cookie, ...from, accept: 'text/html', 'content-type': type };
          const { status } = await send(running.url, target, { headers, body: 'a=1' });
          if (status !== 403) let_in.push(`${target} as ${type} from ${JSON.stringify(from)}: ${status}`);
        })
      );
    }
    expect(let_in).toEqual([]);
    expect(await everything(running)).toEqual(before);
  });

  it('sends no form that says nothing of where it comes from, and none under another method', async () => {
    for (const type of TYPES.filter((one) => !/json/i.test(one))) {
      for (const what of ['POST /sign-in', 'POST /api/v1/auth/logout', 'PUT /api/v1/auth/logout', 'PATCH /account']) {
        const headers = { ...cookie, 'content-type': type };
        expect((await send(running.url, what, { headers, body: 'a=1' })).status, `${what} as ${type}`).toBe(403);
      }
    }
    const own = { origin: running.url, 'content-type': FORM, accept: 'text/html' };
    const signIn = await send(running.url, 'POST /sign-in', { headers: own, body: 'email=a@b.example&password=x' });
    // Our own page is let through to the password check.
    expect(signIn.status).toBe(401);
  });

  it('changes nothing by a GET: not by any page, and not by any call', async () => {
    const before = await everything(running);
    const gets = [
      ...(await calls()).filter(({ method }) => method === 'GET').map(({ path }) => path),
      ...(await pages()).map(({ path }) => path)
    ];
    expect(gets).toContain('/admin/shows/[id]');
    const { rows } = await running.app.db.query<{ id: string; payment: string }>(
      'select b.id, p.id as payment from booking b join payment p on p.booking_id = b.id'
    );
    const ids = await idsFor(rows[0]?.id ?? '', rows[0]?.payment ?? '');
    for (const path of gets) {
      for (const query of ['', '?/remove&_method=DELETE&name=x']) {
        const headers = { ...cookie, accept: 'text/html', 'x-http-method-override': 'DELETE' };
        await send(running.url, `GET ${filled(path, ids)}${query}`, { headers });
      }
    }
    expect(await everything(running)).toEqual(before);
  });
});

/** Things that exist, so that a GET gets as far as it can. */
async function idsFor(booking: string, payment: string) {
  const first = async (table: string) =>
    (await running.app.db.query<{ id: string }>(`select id from ${table} order by id limit 1`)).rows[0]?.id ?? '';
  const of: Record<string, string> = {
    ...{ bookings: booking, pay: payment, shows: await first('show'), events: await first('event') },
    ...{ venues: await first('venue'), plans: await first('seating_plan'), users: await first('app_user') },
    ...{ 'promo-codes': await first('promo_code'), webhooks: await first('webhook_endpoint') },
    ...{ 'webhook-endpoints': await first('webhook_endpoint'), waiting: await first('waiting_wish') },
    'embed-sites': await first('embed_site')
  };
  return (name: string, path: string) => {
    const folder = path.split('/').at(path.split('/').findIndex((part) => part.startsWith(`[${name}]`)) - 1) ?? '';
    return of[folder] ?? (name === 'name' ? 'shows' : name === 'seat' ? 'A1' : randomUUID());
  };
}
