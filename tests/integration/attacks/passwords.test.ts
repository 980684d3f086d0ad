import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPasswords } from '../../../server/accounts/passwords.ts';
import type { Running } from '../../../server/serve.ts';
import { call, startApi } from '../api-server.ts';
import { until } from '../house.ts';
import { startSmtp, type TestSmtp } from '../smtp.ts';
import { makeConfig } from '../stack.ts';
import { wait } from '../visitors.ts';
import { FORM, send } from './raw.ts';

/** S5, S6, S7: guessing passwords, drowning us in guesses, and asking who has an account. */
const PASSWORD = 'a long enough password';
let running: Running;
let smtp: TestSmtp;

beforeAll(async () => {
  smtp = await startSmtp();
  // How often a network may try at all is another limit's (../http-limits.test.ts).
  const tries = { ADDRESS_HEADER: 'x-forwarded-for', LIMIT_NETWORK_SIGN_INS: '10000' };
  running = await startApi(await makeConfig({ ...tries, SMTP_URL: smtp.url }));
});
afterAll(async () => {
  await running.close();
  await smtp.close();
});

const emailOf = () => `${randomUUID()}@attacks.example`;
const ask = (what: string, body: object, from = '10.0.0.1') =>
  call(running.url, what, { body, headers: { 'x-forwarded-for': from } });
const signUp = (email: string, password = PASSWORD) => ask('POST /auth/signup', { email, password, name: 'Ada' });
const signIn = (email: string, password: string, from?: string) => ask('POST /auth/login', { email, password }, from);
const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

describe('S5: guessing', () => {
  it('a hundred passwords of one account from fifty addresses is slowed down; its owner gets in', async () => {
    const email = emailOf();
    await signUp(email);
    // The owner has signed in from home before, so strangers cannot keep them out.
    expect((await signIn(email, PASSWORD, '198.51.100.7')).status).toBe(200);
    const guesses = [];
    for (let n = 0; n < 100; n++) guesses.push(await signIn(email, `guess ${n}`, `203.0.113.${n % 50}`));
    const checked = guesses.filter(({ status }) => status === 401).length;
    // Five are free; then each costs a wait that is twice as long as the last.
    expect(checked).toBeLessThanOrEqual(12);
    const put_off = guesses.filter(({ status }) => status === 429);
    expect(put_off).toHaveLength(100 - checked);
    expect(put_off.every(({ body }) => Number(body?.['retryAfter']) > 0)).toBe(true);
    // Not even the right password helps while it waits: else every guess would be worth its try.
    expect((await signIn(email, PASSWORD, '203.0.113.200')).status).toBe(429);
    expect((await signIn(email, PASSWORD, '198.51.100.7')).status).toBe(200);
  });

  it('one common password at a hundred accounts from one address is slowed down, too', async () => {
    const statuses = [];
    for (let n = 0; n < 100; n++) statuses.push((await signIn(emailOf(), 'Summer2026!', '203.0.113.77')).status);
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(60);
    expect(statuses.at(-1)).toBe(429);
  });

  it.each(['password', 'PASSWORD', '12345678', 'iloveyou', 'qwertyuiop', 'trustno1'])(
    'the password %s is not to be had',
    async (password) => {
      const refused = await signUp(emailOf(), password);
      expect([refused.status, refused.body?.['code']]).toEqual([422, 'INVALID']);
      expect(refused.text).toContain('one of the most common');
    }
  );

  it('a common password is not to be had by changing or forgetting another either, nor one’s own address', async () => {
    const email = emailOf();
    const token = String((await signUp(email)).body?.['token']);
    for (const password of ['sunshine1', email, email.split('@')[0] ?? '']) {
      const change = await call(running.url, 'POST /me/password', { token, body: { current: PASSWORD, password } });
      expect([change.status, change.body?.['code']], password).toEqual([422, 'INVALID']);
    }
    expect((await signUp(`sarah.miller.${randomUUID()}@x.example`, 'sunshine1')).status).toBe(422);
    await ask('POST /auth/password-reset', { email });
    const mail = await until('the link', () => smtp.to(email).find(({ text }) => text?.includes('?token=')));
    const link = /\?token=([\w.-]+)/.exec(mail.text ?? '')?.[1] ?? '';
    expect((await ask('POST /auth/password', { token: link, password: 'sunshine1' })).status).toBe(422);
    // And the link is still good for a better one.
    expect((await ask('POST /auth/password', { token: link, password: 'a better one by far' })).status).toBe(204);
    const form = await send(running.url, 'POST /sign-up', {
      headers: { origin: running.url, accept: 'text/html', 'content-type': FORM },
      body: `name=Eve&email=${encodeURIComponent(emailOf())}&password=password`
    });
    expect(form.status).toBe(422);
    expect(form.text).toContain('one of the most common');
  });
});

describe('S6: hashes', () => {
  it('are argon2id with at least 19 MiB, two passes and one lane, salted each', async () => {
    const [email, other] = [emailOf(), emailOf()];
    await Promise.all([signUp(email), signUp(other)]);
    const { rows } = await running.app.db.query<{ hash: string }>(
      'select password_hash as hash from app_user where email = any ($1)',
      [[email, other]]
    );
    expect(rows).toHaveLength(2);
    expect(new Set(rows.map(({ hash }) => hash.split('$')[4])).size).toBe(2);
    for (const { hash } of rows) {
      const [, kind, version, cost = '', salt = ''] = hash.split('$');
      const { m, t, p } = Object.fromEntries(cost.split(',').map((part) => part.split('='))) as Record<string, string>;
      expect([kind, version]).toEqual(['argon2id', 'v=19']);
      expect(Number(m)).toBeGreaterThanOrEqual(19_456);
      expect(Number(t)).toBeGreaterThanOrEqual(2);
      expect(Number(p)).toBeGreaterThanOrEqual(1);
      expect(Buffer.from(salt, 'base64').length).toBeGreaterThanOrEqual(16);
    }
  });

  it('are made of no endless password', async () => {
    for (const length of [201, 1_000_000]) {
      const password = 'x'.repeat(length);
      expect((await signUp(emailOf(), password)).status, String(length)).toBe(422);
      expect((await signIn(emailOf(), password)).status, String(length)).toBe(422);
    }
  });

  it('of 200 who sign in at once leave the event loop, the memory and the threads for files and names alone', async () => {
    const passwords = createPasswords();
    await passwords.verify(null, 'warm');
    const loop = monitorEventLoopDelay({ resolution: 5 });
    const before = process.memoryUsage.rss();
    let most = before;
    const sampling = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 5);
    loop.enable();
    const began = performance.now();
    const hashing = Promise.all(Array.from({ length: 200 }, () => passwords.verify(null, 'guess')));
    let [going, slowest] = [true, 0];
    const reading = (async () => {
      while (going) {
        const at = performance.now();
        await stat(import.meta.filename);
        slowest = Math.max(slowest, performance.now() - at);
        await wait(5);
      }
    })();
    const answers = await hashing;
    const whole = performance.now() - began;
    going = false;
    await reading;
    loop.disable();
    clearInterval(sampling);
    expect(answers.every((fits) => !fits)).toBe(true);
    // Hashed on the loop, one would block it for a 200th of the time and all of them for the whole of it.
    expect(loop.max / 1e6 / whole).toBeLessThan(0.1);
    // In line behind all 200, a file would be read when the last of them is hashed.
    expect(slowest / whole).toBeLessThan(0.25);
    // All at once would take 200 times 19 MiB; in turn it is two of them, and what the allocator keeps.
    expect((most - before) / 2 ** 20).toBeLessThan(200 * 19 * 0.1);
  });
});

describe('S7: who has an account', () => {
  it('is not told by the answer to a sign-in or to a forgotten password', async () => {
    const [known, unknown] = [emailOf(), emailOf()];
    await signUp(known);
    const told = async (what: string, body: (email: string) => object) => {
      const answers = [await ask(what, body(known)), await ask(what, body(unknown))];
      return answers.map(({ status, text, headers }) => {
        const same = [...headers.keys()].filter((name) => name !== 'date').sort();
        return { status, text: text.replaceAll(known, '…').replaceAll(unknown, '…'), same };
      });
    };
    const [a, b] = await told('POST /auth/login', (email) => ({ email, password: 'not theirs at all' }));
    expect(a).toEqual(b);
    const [c, d] = await told('POST /auth/password-reset', (email) => ({ email }));
    expect(c).toEqual(d);
  });

  it('is not told by the time that a sign-in takes', { timeout: 60_000 }, async () => {
    const known = Array.from({ length: 6 }, emailOf);
    await Promise.all(known.map((email) => signUp(email)));
    const took = async (email: string) => {
      const began = performance.now();
      await running.app.accounts.signIn({ email, password: 'not theirs at all' }, null);
      return performance.now() - began;
    };
    await took(emailOf());
    const times = { known: [] as number[], unknown: [] as number[] };
    // In turn, so that a busy moment slows down both; five tries of an account are free.
    for (let n = 0; n < 24; n++) {
      times.known.push(await took(known[n % known.length] ?? ''));
      times.unknown.push(await took(emailOf()));
    }
    const ratio = median(times.known) / median(times.unknown);
    // Without a hash for those who are unknown it would be twenty and more.
    expect(ratio).toBeGreaterThan(0.6);
    expect(ratio).toBeLessThan(1.67);
  });

  it('is not told by the time that a forgotten password takes', { timeout: 60_000 }, async () => {
    const known = Array.from({ length: 9 }, emailOf);
    await Promise.all(known.map((email) => signUp(email)));
    const took = async (email: string) => {
      const began = performance.now();
      await running.app.ownAccount.forgot(email, null);
      return performance.now() - began;
    };
    await took(emailOf());
    const pairs = await Promise.all(known.map(async (email) => [await took(email), await took(emailOf())] as const));
    const ratio = median(pairs.map(([time]) => time)) / median(pairs.map(([, time]) => time));
    expect(ratio).toBeGreaterThan(0.8);
    expect(ratio).toBeLessThan(1.25);
    // Writing the mail down is the longer way; neither is told by being quick.
    expect(Math.min(...pairs.flat())).toBeGreaterThan(200);
  });
});
