import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { inject } from 'vitest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { io } from 'socket.io-client';
import { environmentOn, TEST_SECRET } from '../configuration.ts';
import { until } from '../house.ts';
import { makeShow } from '../shows.ts';
import { RUN } from '../../../server/child.ts';
import { openDatabase, type Database } from '../../../server/db/database.ts';
import { createLog } from '../../../server/log.ts';
import { startSmtp, type TestSmtp } from '../smtp.ts';
import { FORM, send } from './raw.ts';

/** S29: what a real service writes at `trace`, while it is used, misused and let down by what it needs. */
const ROOT = resolve(import.meta.dirname, '../../..');
let service: ChildProcess;
let output = '';
let url = '';
let db: Database;
let smtp: TestSmtp;
let environment: Record<string, string>;

beforeAll(async () => {
  smtp = await startSmtp();
  const services = { postgresServer: inject('postgresServer'), redisUrl: inject('redisUrl') };
  environment = await environmentOn(services, { LOG_LEVEL: 'trace', SMTP_URL: smtp.url });
  db = openDatabase(environment['DATABASE_URL'] ?? '', createLog('silent', false));
  service = spawn(process.execPath, [RUN, join(ROOT, 'server/main.ts')], {
    ...{ cwd: ROOT, env: { ...process.env, ...environment, MODE: 'production', ORIGIN: 'http://127.0.0.1' } }
  });
  const hear = (chunk: Buffer) => (output += chunk.toString());
  service.stdout?.on('data', hear);
  service.stderr?.on('data', hear);
  const line = await until('it serves', () => /\{[^\n]*"Fullhouse serves"[^\n]*\}/.exec(output)?.[0], 30_000);
  url = `http://127.0.0.1:${(JSON.parse(line) as { port: number }).port}`;
}, 60_000);
afterAll(async () => {
  const ended = new Promise((done) => service.once('exit', done));
  service.kill('SIGTERM');
  await ended;
  await db.close();
  await smtp.close();
});

const PASSWORD = 'a password only Ada knows';
const json = { 'content-type': 'application/json' };
const post = async (path: string, body: object, headers: Record<string, string> = {}) => {
  const answer = await send(url, `POST /api/v1${path}`, {
    headers: { ...json, ...headers },
    body: JSON.stringify(body)
  });
  return { ...answer, body: (answer.text.startsWith('{') ? JSON.parse(answer.text) : {}) as Record<string, unknown> };
};

describe('S29: the log', () => {
  it('has no token, password, cookie, address or secret in it, whatever happened', { timeout: 60_000 }, async () => {
    const email = `${randomUUID()}@attacks.example`;
    const signedUp = await post('/auth/signup', { email, password: PASSWORD, name: 'Ada Lovelace' });
    const token = String(signedUp.body['token']);
    const { id } = signedUp.body['user'] as { id: string };
    const bearer = { authorization: `Bearer ${token}` };
    const guest = String((await post('/buyers', {})).body['token']);
    await post('/auth/login', { email, password: 'wrong password of Ada' });
    await post('/auth/password-reset', { email });
    const mail = await until('the link', () => smtp.to(email).find(({ text }) => text?.includes('?token=')));
    const link = /\?token=([\w.-]+)/.exec(mail.text ?? '')?.[1] ?? '';

    await db.query(`update app_user set role = 'admin' where id = $1`, [id]);
    const again = await post('/auth/login', { email, password: PASSWORD });
    const session = String(again.body['token']);
    const admin = { authorization: `Bearer ${session}` };
    const api = await post('/me/tokens', { name: 'Till', scopes: ['control'], days: 1 }, admin);
    const hook = await post(
      '/webhook-endpoints',
      { name: 'H', url: 'https://h.example/?key=of-the-hook', events: ['booking.confirmed'] },
      admin
    );

    // A sale, with a mailbox that refuses its mail by name.
    const show = await makeShow(db, 12);
    smtp.behaviour = 'unknown mailbox by name';
    const held = await post(`/shows/${show.id}/holds`, { seats: [1] }, admin);
    const { id: holdId } = held.body['hold'] as { id: string };
    const booked = await post(
      '/bookings',
      { holdId, attendees: ['Grace Hopper'] },
      { ...admin, 'idempotency-key': 'key-of-the-request' }
    );
    const payment = (booked.body['payment'] as { id: string }).id;
    await post(`/payments/${payment}/sandbox`, { outcome: 'success' }, admin);
    await until('the mail is refused', () => output.includes('the mail server will not take a mail'), 20_000);
    const booking = (booked.body['booking'] as { id: string }).id;
    const seen = await send(url, `GET /api/v1/bookings/${booking}`, { headers: admin });
    const tickets = (JSON.parse(seen.text) as { tickets: { code: string }[] }).tickets.map(({ code }) => code);
    expect(tickets).toHaveLength(1);

    // What goes wrong: bodies, addresses, cookies, sockets, forged messages.
    const cookie = { cookie: `fullhouse_session=${session}; fullhouse_buyer=${guest}` };
    for (const what of [
      'GET /nothing',
      `GET /reset-password?token=${link}`,
      `GET /waiting/${randomUUID()}?token=${link}`,
      `GET /%E0%A4%A?token=${link}`
    ])
      await send(url, what, { headers: { ...cookie, accept: 'text/html' } });
    await send(url, 'POST /api/v1/bookings', { headers: { ...json, ...admin }, body: `{"password":"${PASSWORD}` });
    await send(url, 'POST /sign-in?/nothing', {
      headers: { ...cookie, 'content-type': FORM, origin: 'http://127.0.0.1' },
      body: `email=${email}&password=${PASSWORD}`
    });
    await post('/webhooks/sandbox', { token }, { 'x-sandbox-signature': 'forged-signature' });
    await post('/auth/signup', { email, password: PASSWORD, name: 'Ada Lovelace' });
    await post('/bookings', { holdId }, bearer);
    const socket = io(url, { transports: ['websocket'], auth: { token: session }, reconnection: false });
    await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
    await socket.timeout(3000).emitWithAck('seats:hold', { showId: show.id, seats: [2], requestId: session });
    for (let n = 0; n < 500; n++) socket.emit('show:watch', { showId: session }, () => undefined);
    await new Promise<void>((resolve) => socket.once('disconnect', () => resolve()));

    // Postgres refuses what it is told, with the row in its words; the session is asked for while it cannot be answered.
    await db.query(`alter table app_user rename to app_user_away`);
    await post('/auth/login', { email, password: PASSWORD });
    await send(url, 'GET /account', { headers: { ...cookie, accept: 'text/html' } });
    await db.query(`alter table app_user_away rename to app_user`);
    await until('it was said', () => output.includes('an API call failed') || output.includes('a request failed'));

    const { username, password } = new URL(environment['REDIS_URL'] ?? '');
    const secrets: Record<string, string> = {
      ...{ token, session, guest, link, PASSWORD, email, secret: TEST_SECRET, hook: String(hook.body['secret']) },
      ...{ api: String(api.body['text']), name: 'Ada Lovelace', attendee: 'Grace Hopper', forged: 'forged-signature' },
      ...{
        wrong: 'wrong password of Ada',
        key: 'of-the-hook',
        redis: `${username}:${password}`,
        redisPassword: password
      },
      ...{ database: environment['DATABASE_URL'] ?? '', ticket: tickets[0] ?? '', idempotency: 'key-of-the-request' }
    };
    // It was a log of all this, and not of nothing.
    expect(output.split('\n').length).toBeGreaterThan(5);
    for (const [what, secret] of Object.entries(secrets)) {
      expect(secret.length, what).toBeGreaterThan(5);
      const line = output.split('\n').find((one) => one.includes(secret));
      expect(line, what).toBeUndefined();
    }
    expect(output).not.toMatch(/fullhouse_(session|buyer)=|Bearer |\$argon2id|set-cookie/i);
  });
});
