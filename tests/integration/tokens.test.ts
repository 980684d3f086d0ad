import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { accessOf, operations, SCOPES, type Scope } from '../../src/lib/domain/scopes.ts';
import { isRefusal } from '../../src/lib/domain/refusal.ts';
import { createAccounts } from '../../server/accounts/accounts.ts';
import type { Running } from '../../server/serve.ts';
import { call, startApi } from './api-server.ts';
import { makeDesk, person, type Person } from './organizers.ts';
import { makeConfig } from './stack.ts';

/** API tokens over real HTTP, on the node that they were made on and beside it. */
const ROUTES = resolve(import.meta.dirname, '../../src/routes/api/v1');
const METHODS = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);

let running: Running;
let owner: Person;
let desk: Awaited<ReturnType<typeof makeDesk>>;

async function make(by: Person, scopes: readonly Scope[], name = 'Screen') {
  const answer = await call(running.url, 'POST /me/tokens', { token: by.token, body: { name, scopes, days: 30 } });
  expect(answer.status, answer.text).toBe(201);
  return { id: String(answer.body?.['id']), text: String(answer.body?.['text']) };
}
const ask = (what: string, token: string, body?: unknown) => call(running.url, what, { token, body });

beforeAll(async () => {
  running = await startApi(await makeConfig());
  owner = await person(running, 'organizer');
  desk = await makeDesk(running, owner);
});
afterAll(() => running.close());

describe('the table of scopes', () => {
  it('names every operation that there is, and none that there is not', async () => {
    const found: string[] = [];
    for (const file of readdirSync(ROUTES, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('+server.ts')) continue;
      const route = `/${file.slice(0, -'/+server.ts'.length)}`;
      const module = (await import(join(ROUTES, file))) as Record<string, unknown>;
      for (const method of Object.keys(module).filter((name) => METHODS.has(name))) found.push(`${method} ${route}`);
    }
    expect([...operations].sort()).toEqual(found.sort());
    expect(found.length).toBeGreaterThan(100);
  });

  it('closes what it does not know', () => {
    expect(accessOf('PATCH', '/something/new')).toBeNull();
    expect(accessOf('HEAD', '/events')).toBe('catalogue:read');
  });
});

describe('a token', () => {
  it('is shown once, and only its hash is kept', async () => {
    const { id, text } = await make(owner, ['catalogue:read'], 'Shown once');
    expect(text).toMatch(new RegExp(`^fh_${id}_[\\w-]{43}$`));
    const { rows } = await running.app.db.query<{ everything: string }>(
      `select (select json_agg(t)::text from api_token t) || (select json_agg(a)::text from audit_log a where kind = 'token')
              as everything`
    );
    const secret = text.slice(-43);
    expect(rows[0]?.everything).toContain('Shown once');
    expect(rows[0]?.everything).not.toContain(secret);
    const list = await ask('GET /me/tokens', owner.token);
    expect(list.text).toContain(id);
    expect(list.text).not.toContain(secret);
    const page = await fetch(`${running.url}/admin/tokens`, {
      headers: { cookie: `fullhouse_session=${owner.token}` }
    });
    const html = await page.text();
    expect(html).toContain(`fh_${id}_`);
    expect(html).not.toContain(secret);
  });

  it('does what its scopes name and nothing else, and the "no" names what is missing', async () => {
    const { text } = await make(owner, ['catalogue:read']);
    expect((await ask('GET /shows', text)).body).toMatchObject({ items: [{ id: desk.showId }] });
    expect((await ask('GET /me', text)).body).toMatchObject({ user: { id: owner.id } });
    const write = await ask(`PATCH /shows/${desk.showId}`, text, { seatsPerBuyer: 2 });
    expect(write.status).toBe(403);
    expect(write.body).toMatchObject({ code: 'FORBIDDEN', scope: 'catalogue:write' });
    expect(write.body?.['detail']).toContain('catalogue:write');
    const writer = await make(owner, ['catalogue:write']);
    expect((await ask(`PATCH /shows/${desk.showId}`, writer.text, { seatsPerBuyer: 3 })).status).toBe(200);
    expect((await ask('GET /admin/bookings', writer.text)).body).toMatchObject({ scope: 'sales:read' });
  });

  it('opens nothing that belongs to somebody else', async () => {
    const other = await person(running, 'organizer');
    const { text } = await make(other, Object.keys(SCOPES).filter((one) => one !== 'users:read') as Scope[]);
    expect((await ask(`PATCH /shows/${desk.showId}`, text, { seatsPerBuyer: 9 })).status).toBe(404);
    expect((await ask('GET /admin/users', text)).status).toBe(403);
    const wanted = { name: 'More', scopes: ['users:read'], days: 1 };
    expect((await ask('POST /me/tokens', other.token, wanted)).body).toMatchObject({ code: 'INVALID' });
  });

  it('changes no account, makes no other token, opens no page and no socket', async () => {
    const { id, text } = await make(owner, Object.keys(SCOPES).filter((one) => one !== 'users:read') as Scope[]);
    for (const what of [
      'POST /me/tokens',
      `DELETE /me/tokens/${id}`,
      'POST /me/password',
      'POST /me/email',
      'DELETE /me'
    ])
      expect((await ask(what, text, {})).body, what).toMatchObject({ status: 403, code: 'FORBIDDEN', scope: null });
    for (const method of ['PATCH /me', 'GET /me/sessions', 'GET /me/export'])
      expect((await ask(method, text)).status, method).toBe(403);
    const page = await fetch(`${running.url}/admin/tokens`, { headers: { authorization: `Bearer ${text}` } });
    expect(page.status).toBe(404);
    const opened = await new Promise<string>((done) => {
      const socket = io(running.url, { transports: ['websocket'], auth: { token: text }, reconnection: false });
      socket.once('connect', () => done('connected'));
      socket.once('connect_error', ({ message }) => done(message));
    });
    expect(opened).toBe('FORBIDDEN');
  });

  it('that is revoked or expired is told which, and one that nobody made too', async () => {
    const revoked = await make(owner, ['catalogue:read']);
    expect((await ask('GET /shows', revoked.text)).status).toBe(200);
    expect((await ask(`DELETE /me/tokens/${revoked.id}`, owner.token)).body).toMatchObject({ state: 'revoked' });
    const gone = await ask('GET /events', revoked.text);
    expect(gone.status).toBe(401);
    expect(gone.body).toMatchObject({ code: 'UNAUTHENTICATED', detail: expect.stringContaining('revoked') as string });
    expect(gone.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');

    const expired = await make(owner, ['catalogue:read']);
    await running.app.db.query(
      `update api_token set created_at = now() - interval '2 days', expires_at = now() - interval '1 day' where id = $1`,
      [expired.id]
    );
    expect((await ask('GET /shows', expired.text)).body?.['detail']).toContain('expired');
    const invented = `${expired.text.slice(0, -4)}AAAA`;
    expect((await ask('GET /shows', invented)).body?.['detail']).toContain('no such API token');
    expect((await ask('GET /shows', 'fh_nonsense')).status).toBe(401);
  });

  it('can be revoked by its owner and by admins, and by nobody else', async () => {
    const { id } = await make(owner, ['control']);
    const other = await person(running, 'organizer');
    expect((await ask(`DELETE /me/tokens/${id}`, other.token)).status).toBe(404);
    const admin = await person(running, 'admin');
    expect((await ask('GET /me/tokens', admin.token)).text).toContain(id);
    expect((await ask(`DELETE /me/tokens/${id}`, admin.token)).body).toMatchObject({ state: 'revoked' });
    const lines = await ask(`GET /admin/audit?kind=token&thing=${id}`, owner.token);
    const items = lines.body?.['items'] as { action: string }[];
    expect(items.map(({ action }) => action)).toEqual(['revoke', 'create']);
  });

  it('is felt to be revoked on another node within five seconds', async () => {
    const { config, db, log } = running.app;
    const elsewhere = createAccounts({ db, config, log });
    const { id, text } = await make(owner, ['catalogue:read']);
    expect((await elsewhere.identify({ sessionToken: text })).user?.id).toBe(owner.id);
    await ask(`DELETE /me/tokens/${id}`, owner.token);
    const now = performance.now.bind(performance);
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + 5000);
    const later = await elsewhere.identify({ sessionToken: text });
    clock.mockRestore();
    expect(later).toMatchObject({ user: null, buyer: null, apiToken: null });
    expect(later.refused?.message).toContain('revoked');
  });

  it('never gives more than its owner may do at that moment', async () => {
    const admin = await person(running, 'admin');
    const leaving = await person(running, 'organizer');
    const { text } = await make(leaving, ['catalogue:read']);
    expect((await ask('GET /shows', text)).status).toBe(200);
    await ask(`PATCH /admin/users/${leaving.id}`, admin.token, { role: 'customer' });
    const demoted = await ask('GET /shows', text);
    expect(demoted.body).toMatchObject({ status: 401, detail: expect.stringContaining('no longer') as string });

    const another = await person(running, 'organizer');
    const second = await make(another, ['catalogue:read']);
    const left = await ask('DELETE /me', another.token, { current: 'a long enough password' });
    expect(left.status, left.text).toBe(204);
    expect((await ask('GET /shows', second.text)).status).toBe(401);
  });

  it('says in which hour it was used, and is written once for it', async () => {
    const { id, text } = await make(owner, ['catalogue:read']);
    for (let n = 0; n < 3; n++) {
      running.app.accounts.forget(owner.id);
      await ask('GET /shows', text);
    }
    const { rows } = await running.app.db.query<{ hour: boolean }>(
      `select last_used_at = date_trunc('hour', now()) as hour from api_token where id = $1`,
      [id]
    );
    expect(rows[0]?.hour).toBe(true);
  });

  it('is one of fifty at most', async () => {
    const many = await person(running, 'organizer');
    const by = { user: many.id, owner: many.id };
    const body = { name: 'One of many', scopes: ['control' as const], days: 1 };
    const made = await Promise.all(Array.from({ length: 52 }, () => running.app.accounts.tokens.create(by, body)));
    expect(made.filter((one) => isRefusal(one)).map((one) => (isRefusal(one) ? one.code : ''))).toEqual([
      'LIMIT_REACHED',
      'LIMIT_REACHED'
    ]);
  });
});

describe('the page of tokens', () => {
  const form = (by: Person, action: string, fields: Record<string, string>) =>
    fetch(`${running.url}/admin/tokens?/${action}`, {
      method: 'POST',
      headers: {
        ...{ cookie: `fullhouse_session=${by.token}`, origin: running.url, accept: 'text/html' },
        'content-type': 'application/x-www-form-urlencoded'
      },
      body: new URLSearchParams(fields)
    });

  it('makes and revokes tokens without JavaScript', async () => {
    const fields = { name: 'By hand', days: '7', 'scope-check-in': 'on', __superform_id: 'new-token' };
    const made = await form(owner, 'create', fields);
    const text = /fh_[0-9a-z]{12}_[\w-]{43}/.exec(await made.text())?.[0] ?? '';
    expect((await ask(`GET /check-ins/counts?showId=${desk.showId}`, text)).status).toBe(200);
    const id = text.slice(3, 15);
    const revoked = await form(owner, 'revoke', { token: id });
    expect(await revoked.text()).toContain('is revoked');
    expect((await ask('GET /me', text)).status).toBe(401);
  });

  it('says what is missing at its field', async () => {
    const answer = await form(owner, 'create', { name: 'No scope', days: '7', __superform_id: 'new-token' });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('Scopes are missing: choose at least one');
  });
});
