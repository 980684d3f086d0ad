import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Running } from '../../server/serve.ts';
import { call, startApi, type Answer } from './api-server.ts';
import { must, until } from './house.ts';
import { makeShow } from './shows.ts';
import { startSmtp, type TestSmtp } from './smtp.ts';
import { makeConfig } from './stack.ts';

let running: Running;
let smtp: TestSmtp;

beforeAll(async () => {
  smtp = await startSmtp();
  running = await startApi(await makeConfig({ SMTP_URL: smtp.url }));
});
afterAll(async () => {
  await running.close();
  await smtp.close();
});

const PASSWORD = 'a long enough password';
const ask = (what: string, given: Parameters<typeof call>[2] = {}) => call(running.url, what, given);
const told = ({ status, body }: Answer) => [status, body?.['code'] ?? null];

async function person() {
  const email = `${randomUUID()}@account.example`;
  const answer = await ask('POST /auth/signup', { body: { email, password: PASSWORD, name: 'Ada Lovelace' } });
  const { id } = answer.body?.['user'] as { id: string };
  return { id, email, token: String(answer.body?.['token']) };
}
const signIn = (email: string, password = PASSWORD) => ask('POST /auth/login', { body: { email, password } });
const isIn = async (token: string) => (await ask('GET /me', { token })).status === 200;

/** The link in the newest mail to the address with this subject. */
async function linkIn(address: string, subject: string): Promise<string> {
  const mail = await until(subject, () => smtp.to(address).findLast((one) => one.subject === subject));
  return /\?token=([\w.-]+)/.exec(mail.text ?? '')?.[1] ?? '';
}

describe('a forgotten password', () => {
  it('is replaced with the link from the mail, once, and all sessions end', async () => {
    const ada = await person();
    expect((await ask('POST /auth/password-reset', { body: { email: ada.email.toUpperCase() } })).status).toBe(202);
    const token = await linkIn(ada.email, 'Choose a new password');
    const answers = await Promise.all(
      ['one of ten passwords', 'another of ten passwords'].map((password) =>
        ask('POST /auth/password', { body: { token, password } })
      )
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 410]);
    expect(await isIn(ada.token)).toBe(false);
    expect((await signIn(ada.email)).status).toBe(401);
    expect(told(await ask('POST /auth/password', { body: { token, password: PASSWORD } }))).toEqual([410, 'LINK_USED']);
    await until('the notice', () => smtp.to(ada.email).find(({ subject }) => subject === 'Your password was changed'));
  });

  it('tells nobody whether there is an account', async () => {
    const [known, unknown] = [(await person()).email, `${randomUUID()}@account.example`];
    const answers = await Promise.all(
      [known, unknown].map((email) => ask('POST /auth/password-reset', { body: { email } }))
    );
    expect(answers.map(({ status, text }) => [status, text])).toEqual(
      [answers[0], answers[0]].map((one) => [one?.status, one?.text])
    );
    await linkIn(known, 'Choose a new password');
    expect(smtp.to(unknown)).toEqual([]);
  });

  it('cannot be replaced with a guessed, altered or old link, nor with one for something else', async () => {
    const ada = await person();
    const reset = (token: string) => ask('POST /auth/password', { body: { token, password: 'a new long password' } });
    await ask('POST /auth/password-reset', { body: { email: ada.email } });
    const token = await linkIn(ada.email, 'Choose a new password');
    for (const wrong of [randomUUID(), `${randomUUID()}.${token.split('.')[1]}`, `${token}x`, token.replace(/.$/, '_')])
      expect(told(await reset(wrong)), wrong).toEqual([410, 'LINK_USED']);
    await ask('POST /me/email', { token: ada.token, body: { email: `new-${ada.email}`, current: PASSWORD } });
    expect(told(await reset(await linkIn(`new-${ada.email}`, 'Confirm your new e-mail address')))).toEqual([
      410,
      'LINK_USED'
    ]);
    await running.app.db.query(`update account_link set expires_at = now() where user_id = $1`, [ada.id]);
    expect(told(await reset(token))).toEqual([410, 'LINK_USED']);
    expect((await signIn(ada.email)).status).toBe(200);
  });

  it('does not fill a mailbox', async () => {
    const { email } = await person();
    const answers: number[] = [];
    for (let n = 0; n < 5; n++) answers.push((await ask('POST /auth/password-reset', { body: { email } })).status);
    expect(answers).toEqual([202, 202, 202, 429, 429]);
  });
});

describe('password and e-mail address', () => {
  it('a new password needs the old one, and signs the other places out', async () => {
    const ada = await person();
    const other = String((await signIn(ada.email)).body?.['token']);
    const change = (current: string) =>
      ask('POST /me/password', { token: ada.token, body: { current, password: 'a new long password' } });
    expect(told(await change('not my password'))).toEqual([401, 'BAD_CREDENTIALS']);
    expect(await isIn(other)).toBe(true);
    expect((await change(PASSWORD)).status).toBe(204);
    expect([await isIn(ada.token), await isIn(other)]).toEqual([true, false]);
    expect((await signIn(ada.email, 'a new long password')).status).toBe(200);
  });

  it('a new address counts when its mailbox has answered; the old one is told', async () => {
    const ada = await person();
    const next = `new-${ada.email}`;
    const body = { email: next, current: PASSWORD };
    expect(told(await ask('POST /me/email', { token: ada.token, body: { ...body, current: 'wrong one' } }))).toEqual([
      401,
      'BAD_CREDENTIALS'
    ]);
    expect((await ask('POST /me/email', { token: ada.token, body })).status).toBe(202);
    const token = await linkIn(next, 'Confirm your new e-mail address');
    expect((await signIn(next)).status).toBe(401);
    expect((await ask('POST /auth/email', { body: { token } })).body).toEqual({ email: next });
    expect((await signIn(next)).status).toBe(200);
    expect((await ask('GET /me', { token: ada.token })).body).toMatchObject({ user: { email: next } });
    await until('the notice', () =>
      smtp.to(ada.email).find(({ subject }) => subject === 'Your e-mail address was changed')
    );
  });

  it('an address that somebody else has taken meanwhile changes nothing, and the link stays good', async () => {
    const [ada, bob] = [await person(), await person()];
    await ask('POST /me/email', { token: ada.token, body: { email: bob.email, current: PASSWORD } });
    const token = await linkIn(bob.email, 'Confirm your new e-mail address');
    expect(told(await ask('POST /auth/email', { body: { token } }))).toEqual([409, 'EMAIL_TAKEN']);
    expect((await signIn(ada.email)).status).toBe(200);
    expect((await signIn(bob.email)).status).toBe(200);
  });
});

describe('sessions', () => {
  it('are listed with the browser they began in, and end one by one or all at once', async () => {
    const ada = await person();
    const agent = { 'user-agent': 'Firefox on a train' };
    const login = { email: ada.email, password: PASSWORD };
    const train = String((await ask('POST /auth/login', { body: login, headers: agent })).body?.['token']);
    const third = String((await signIn(ada.email)).body?.['token']);
    const list = async () =>
      (await ask('GET /me/sessions', { token: ada.token })).body?.['items'] as {
        id: string;
        agent: string;
        current: boolean;
      }[];
    const [onTrain, current] = [
      (await list()).find((one) => one.agent.includes('train')),
      (await list()).filter((one) => one.current)
    ];
    expect([(await list()).length, current.length]).toEqual([3, 1]);
    const bob = await person();
    expect((await ask(`DELETE /me/sessions/${onTrain?.id}`, { token: bob.token })).status).toBe(404);
    expect((await ask(`DELETE /me/sessions/${onTrain?.id}`, { token: ada.token })).status).toBe(204);
    expect([await isIn(train), await isIn(third)]).toEqual([false, true]);
    expect((await ask('DELETE /me/sessions', { token: ada.token })).status).toBe(204);
    expect([await isIn(ada.token), await isIn(third), await isIn(bob.token)]).toEqual([false, false, true]);
  });
});

describe('own data', () => {
  async function booked(by: { id: string }) {
    const show = await makeShow(running.app.db, 12);
    const buyer = `u_${by.id}`;
    const hold = must(await running.app.seats.hold(show.id, buyer, [3], randomUUID()));
    const who = {
      user: { id: by.id, email: 'x@y.example', name: 'Ada', role: 'customer' as const },
      buyer,
      guest: null
    };
    const made = must(
      await running.app.booking.checkout(who, { holdId: hold.id, attendees: ['Charles Babbage'] }, randomUUID())
    );
    return { show, ...made };
  }

  it('can be taken along: account, sessions, bookings, mails; and nobody else’s', async () => {
    const [ada, bob] = [await person(), await person()];
    const { booking } = await booked(ada);
    const mine = await ask('GET /me/export', { token: ada.token });
    expect(mine.body).toMatchObject({
      account: { email: ada.email },
      bookings: [{ id: booking.id, seats: [{ attendee: 'Charles Babbage' }] }]
    });
    expect(mine.text).not.toMatch(/password|argon2/);
    expect((await ask('GET /me/export', { token: bob.token })).text).not.toContain(ada.email);
  });

  it('goes when the person leaves; the books stay', async () => {
    const ada = await person();
    const { booking, show } = await booked(ada);
    const leave = (current: string) => ask('DELETE /me', { token: ada.token, body: { current } });
    expect(told(await leave('not my password'))).toEqual([401, 'BAD_CREDENTIALS']);
    expect(told(await leave(PASSWORD))).toEqual([409, 'HAS_BOOKINGS']);
    expect(await isIn(ada.token)).toBe(true);
    await running.app.db.query(`update booking set status = 'CONFIRMED', confirmed_at = now() where id = $1`, [
      booking.id
    ]);
    await running.app.db.query(
      `update show set starts_at = now() - interval '1 day', sale_opens_at = now() - interval '3 days',
              sale_closes_at = now() - interval '2 days', doors_at = null where id = $1`,
      [show.id]
    );
    expect((await leave(PASSWORD)).status).toBe(204);
    expect(await isIn(ada.token)).toBe(false);
    expect((await signIn(ada.email)).status).toBe(401);
    const kept = await running.app.db.query<{ row: string }>(
      `select json_build_object('user', u, 'booking', b, 'seats', (select json_agg(s) from booking_seat s where s.booking_id = b.id))::text as row
         from booking b join app_user u on u.id = b.user_id where b.id = $1`,
      [booking.id]
    );
    expect(kept.rows).toHaveLength(1);
    for (const trace of [ada.email, 'Lovelace', 'Babbage']) expect(kept.rows[0]?.row).not.toContain(trace);
    const mails = await running.app.db.query('select 1 from email_sent where recipient = $1', [ada.email]);
    expect(mails.rowCount).toBe(0);
    // The address is free again.
    expect(
      (await ask('POST /auth/signup', { body: { email: ada.email, password: PASSWORD, name: 'New' } })).status
    ).toBe(201);
  });

  it('of those who sell stays, and they are told why', async () => {
    const ada = await person();
    await running.app.db.query(`update app_user set role = 'admin' where id = $1`, [ada.id]);
    running.app.accounts.forget(ada.id);
    expect(told(await ask('DELETE /me', { token: ada.token, body: { current: PASSWORD } }))).toEqual([
      403,
      'FORBIDDEN'
    ]);
  });
});
