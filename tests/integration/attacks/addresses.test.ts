import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Running } from '../../../server/serve.ts';
import { call, startApi } from '../api-server.ts';
import { until } from '../house.ts';
import { person } from '../organizers.ts';
import { makeShow } from '../shows.ts';
import { startSmtp, type TestSmtp } from '../smtp.ts';
import { makeConfig } from '../stack.ts';
import { visitorsOf } from '../visitors.ts';
import { actionOf, calls, filled, pages } from './manifest.ts';
import { FORM, send } from './raw.ts';

/** S23, S24, S26: addresses that lead elsewhere, come from elsewhere, or claim to be elsewhere. */
const ORIGIN = 'https://tickets.example';
let running: Running;
let smtp: TestSmtp;
const visitors = visitorsOf(() => [running]);

beforeAll(async () => {
  smtp = await startSmtp();
  running = await startApi(
    await makeConfig({
      ...{ MODE: 'production', ORIGIN, SMTP_URL: smtp.url, ADDRESS_HEADER: 'X-Forwarded-For' },
      ...{ LIMIT_NETWORK_CALLS: '4', LIMIT_NETWORK_HANDSHAKES: '4', LIMIT_NETWORK_SIGN_INS: '3' }
    })
  );
});
afterAll(async () => {
  visitors.leaveAll();
  await running.close();
  await smtp.close();
});

const PASSWORD = 'a long enough password';
const form = { origin: ORIGIN, accept: 'text/html', 'content-type': FORM };

describe('S23: the way back after signing in', () => {
  const ELSEWHERE = [
    ...[
      '//evil.example',
      '///evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      '/\\/evil.example',
      '\\/evil.example'
    ],
    ...[
      'https:evil.example',
      'https://evil.example',
      'HTTPS://evil.example',
      'https:/\\evil.example',
      'javascript:alert(1)'
    ],
    ...[
      'data:text/html,x',
      '/\t/evil.example',
      '/\n/evil.example',
      '\t//evil.example',
      ' //evil.example',
      '/%09/evil.example'
    ],
    ...[
      '/%2f%2fevil.example',
      '%2f%2fevil.example',
      '/%5cevil.example',
      '/./\\evil.example',
      '//evil.example/%2f..',
      '.evil.example'
    ],
    ...[
      '@evil.example',
      ':80@evil.example',
      'evil.example',
      '/\u0000/evil.example',
      '/\u2028/evil.example',
      '//[::1]',
      '/..//evil.example'
    ]
  ];

  it.each(ELSEWHERE.map((next) => [JSON.stringify(next), next]))('%s stays here', async (_, next) => {
    const email = `${randomUUID()}@attacks.example`;
    const body = `email=${encodeURIComponent(email)}&password=${encodeURIComponent(PASSWORD)}&name=Ada`;
    const target = `POST /sign-up?next=${encodeURIComponent(next)}`;
    const answer = await send(running.url, target, { headers: form, body });
    // A zero byte is no address at all.
    if (answer.status === 400) return;
    expect(answer.status).toBe(303);
    const location = String(answer.headers.location);
    // As a browser reads it, which takes tabs and line breaks out and backslashes for slashes.
    expect(new URL(location, `${ORIGIN}/sign-up`).origin).toBe(ORIGIN);
    const token = /fullhouse_session=([\w-]+)/.exec(String(answer.headers['set-cookie']))?.[1] ?? '';
    const again = await send(running.url, `GET /sign-in?next=${encodeURIComponent(next)}`, {
      headers: { accept: 'text/html', cookie: `__Host-fullhouse_session=${token}` }
    });
    expect(again.status).toBe(303);
    expect(new URL(String(again.headers.location), `${ORIGIN}/sign-in`).origin).toBe(ORIGIN);
  });

  it('no redirect of any page or form leaves this site, whatever the address asks for', async () => {
    const query = ['next', 'redirect', 'url', 'return', 'to'].map((name) => `${name}=//evil.example`).join('&');
    const targets = (await pages()).flatMap(({ path, actions }) => [
      `GET ${filled(path, () => randomUUID())}?${query}`,
      ...actions.map((name) => `POST ${filled(path, () => randomUUID())}${actionOf(name) || '?'}&${query}`)
    ]);
    let redirects = 0;
    for (const target of targets) {
      const sent = { headers: form, ...(target.startsWith('POST') ? { body: 'next=//evil.example' } : {}) };
      const { headers } = await send(running.url, target, sent);
      if (headers.location === undefined) continue;
      redirects++;
      expect(new URL(headers.location, ORIGIN).origin, target).toBe(ORIGIN);
    }
    expect(redirects).toBeGreaterThan(5);
  });
});

describe('S24: an address that the visitor writes', () => {
  it('in X-Forwarded-For changes nothing: what our proxy added counts', async () => {
    const statuses = [];
    for (let n = 0; n < 8; n++) {
      const forged = `10.0.0.${n}, 198.51.100.${n}, 203.0.113.50`;
      const headers = { 'x-forwarded-for': forged, 'x-real-ip': `198.51.100.${n}`, forwarded: `for=198.51.100.${n}` };
      statuses.push((await send(running.url, 'GET /api/v1/events', { headers })).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 429, 429, 429, 429]);
  });

  it('nor does it bring more tries to get in', async () => {
    const statuses = [];
    for (let n = 0; n < 6; n++) {
      const headers = { 'x-forwarded-for': `198.51.100.${n}, 203.0.113.51`, 'content-type': 'application/json' };
      const body = JSON.stringify({ email: `${randomUUID()}@attacks.example`, password: 'guess' });
      statuses.push((await send(running.url, 'POST /api/v1/auth/login', { headers, body })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 429, 429, 429]);
  });

  it('nor more sockets', async () => {
    const opened = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        visitors.connect(0, {}, { 'x-forwarded-for': `198.51.100.${n}, 203.0.113.52` }).then(
          () => true,
          () => false
        )
      )
    );
    expect(opened.filter(Boolean)).toHaveLength(4);
  });

  it('nor are the headers believed that tell the pages who we are', async () => {
    const headers = {
      ...{
        'x-forwarded-for': '203.0.113.53',
        'x-fullhouse-address': '203.0.113.99',
        'x-fullhouse-host': 'evil.example'
      },
      ...{ 'x-fullhouse-protocol': 'http', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' }
    };
    const statuses = [];
    for (let n = 0; n < 5; n++) {
      const page = await send(running.url, 'GET /', { headers: { ...headers, accept: 'text/html' } });
      statuses.push(page.status);
      if (page.status === 200) {
        expect(page.headers['strict-transport-security']).toBeDefined();
        expect(String(page.headers['set-cookie'])).toContain('; Secure');
      }
      expect(page.text).not.toContain('evil.example');
    }
    expect(statuses).toEqual([200, 200, 200, 200, 429]);
  });
});

describe('S26: a host that is not ours', () => {
  const EVIL = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-original-host': 'evil.example' };

  it('is in no mail, though the request that sent it named it', async () => {
    const email = `${randomUUID()}@attacks.example`;
    const body = JSON.stringify({ email, password: PASSWORD, name: 'Ada' });
    const headers = { ...EVIL, 'content-type': 'application/json' };
    const made = await send(running.url, 'POST /api/v1/auth/signup', { headers, body });
    expect(made.status).toBe(201);
    const { token } = JSON.parse(made.text) as { token: string };
    const reset = { headers: { ...EVIL, origin: ORIGIN, 'content-type': FORM, accept: 'text/html' } };
    await send(running.url, 'POST /forgot-password', { ...reset, body: `email=${encodeURIComponent(email)}` });

    const show = await makeShow(running.app.db, 4);
    const by = { ...headers, authorization: `Bearer ${token}` };
    const held = await send(running.url, `POST /api/v1/shows/${show.id}/holds`, { headers: by, body: '{"seats":[1]}' });
    const { hold } = JSON.parse(held.text) as { hold: { id: string } };
    const order = { headers: { ...by, 'idempotency-key': 'k' }, body: JSON.stringify({ holdId: hold.id }) };
    const booked = await send(running.url, 'POST /api/v1/bookings', order);
    const { payment } = JSON.parse(booked.text) as { payment: { id: string; redirectUrl: string } };
    expect(new URL(payment.redirectUrl, ORIGIN).origin).toBe(ORIGIN);
    await send(running.url, `POST /api/v1/payments/${payment.id}/sandbox`, {
      headers: by,
      body: '{"outcome":"success"}'
    });

    const mails = await until('both mails', () => smtp.to(email).length >= 2 && smtp.to(email));
    for (const mail of mails) {
      const whole = `${mail.text ?? ''}${mail.html ?? ''}${JSON.stringify(mail.headers)}`;
      expect(whole).not.toContain('evil.example');
      const links = [...whole.matchAll(/https?:\/\/[^\s"'<>)\\]+/g)].map(([link]) => new URL(link).origin);
      expect(links.filter((origin) => origin === ORIGIN).length, mail.subject).toBeGreaterThan(0);
    }
  });

  it('opens no socket and passes no form as its own', async () => {
    const headers = { ...EVIL, origin: 'https://evil.example' };
    await expect(visitors.connect(0, {}, headers)).rejects.toThrow();
    const sent = await send(running.url, 'POST /sign-in', {
      ...{ headers: { ...headers, accept: 'text/html', 'content-type': FORM }, body: 'email=a@b.example&password=x' }
    });
    expect(sent.status).toBe(403);
  });

  it('is in no page, no redirect and no document', async () => {
    const { token } = await person(running);
    const paths = [...(await calls()).filter(({ method }) => method === 'GET'), ...(await pages())].map(
      ({ path }) => path
    );
    for (const path of paths) {
      const { text, headers } = await send(running.url, `GET ${filled(path, () => randomUUID())}`, {
        headers: { ...EVIL, accept: 'text/html', cookie: `__Host-fullhouse_session=${token}` }
      });
      expect(text, path).not.toContain('evil.example');
      expect(String(headers.location ?? ''), path).not.toContain('evil.example');
    }
    const spec = await call(running.url, 'GET /openapi.json', { headers: { 'x-forwarded-for': '10.0.0.1' } });
    expect(spec.text).toContain(ORIGIN);
  });
});
