import { gunzipSync } from 'node:zlib';
import { get } from 'node:http';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generatePlan } from '../../src/lib/domain/generate-plan.ts';
import type { Running } from '../../server/serve.ts';
import { call, startApi, type Answer } from './api-server.ts';
import { ownRedis, type OwnRedis } from './own-redis.ts';
import { makeShow, type MadeShow } from './shows.ts';
import { makeConfig } from './stack.ts';
import { wait } from './visitors.ts';
import { openWire, type Wire } from './wire.ts';

/** The API over HTTP, with everything behind it; the wires to Postgres and Redis can be cut. */
let running: Running;
let redis: OwnRedis;
let postgresWire: Wire;
let redisWire: Wire;
let show: MadeShow;

beforeAll(async () => {
  redis = await ownRedis();
  redisWire = await openWire(redis.url);
  const config = await makeConfig({ REDIS_URL: redisWire.url, QUEUE_REDIS_URL: redis.url });
  postgresWire = await openWire(config.databaseUrl);
  running = await startApi({ ...config, databaseUrl: postgresWire.url });
  show = await makeShow(running.app.db, 120);
  await running.app.db.query('update seating_plan set geometry = $2 where id = $1', [
    show.planId,
    JSON.stringify(generatePlan(120))
  ]);
});
afterAll(async () => {
  await running.close();
  await Promise.all([postgresWire.close(), redisWire.close()]);
  await redis.stop();
});

const ask = (what: string, given: Parameters<typeof call>[2] = {}) => call(running.url, what, given);
const text = (answer: Answer, key: string): string => String(answer.body?.[key]);
const part = (answer: Answer, key: string) => answer.body?.[key] as Record<string, unknown>;

async function signUp(name = 'Ada'): Promise<{ token: string; id: string; email: string }> {
  const email = `${randomUUID()}@api.example`;
  const answer = await ask('POST /auth/signup', { body: { email, password: 'a long enough password', name } });
  expect(answer.status).toBe(201);
  return { token: text(answer, 'token'), id: String(part(answer, 'user')['id']), email };
}
const makeRole = (id: string, role: string) =>
  running.app.db.query('update app_user set role = $2 where id = $1', [id, role]);
async function newBuyer(): Promise<string> {
  return text(await ask('POST /buyers'), 'token');
}
const problem = (answer: Answer) => [answer.status, answer.body?.['code']];

describe('accounts', () => {
  it('sign up, in and out; the token is worth nothing afterwards', async () => {
    const { token, email } = await signUp();
    const credentials = { email, password: 'a long enough password' };
    expect((await ask('POST /auth/signup', { body: { ...credentials, name: 'Eve' } })).body).toMatchObject({
      code: 'EMAIL_TAKEN'
    });
    const login = await ask('POST /auth/login', { body: { ...credentials, email: email.toUpperCase() } });
    expect(login.status).toBe(200);
    expect(part(login, 'user')).toMatchObject({ email, role: 'customer' });
    expect(part(login, 'user')['password_hash']).toBeUndefined();
    expect(problem(await ask('POST /auth/login', { body: { email, password: 'wrong' } }))).toEqual([
      401,
      'BAD_CREDENTIALS'
    ]);
    expect((await ask('GET /me', { token })).body).toMatchObject({ user: { email } });
    expect((await ask('POST /auth/logout', { token })).status).toBe(204);
    expect(problem(await ask('GET /me', { token }))).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('takes no role from whoever signs up', async () => {
    const body = {
      email: `${randomUUID()}@api.example`,
      password: 'a long enough password',
      name: 'Eve',
      role: 'admin'
    };
    const answer = await ask('POST /auth/signup', { body });
    expect([201, 422]).toContain(answer.status);
    const { rows } = await running.app.db.query('select role from app_user where email = $1', [body.email]);
    expect(rows.every(({ role }) => role === 'customer')).toBe(true);
  });
});

describe('the catalogue', () => {
  it('lists events, shows one with its shows, and a show with its counts', async () => {
    const events = await ask('GET /events?limit=1');
    expect(events.body).toMatchObject({ items: [{}] });
    const event = await ask(`GET /events/${show.eventId}`);
    expect(event.body).toMatchObject({
      title: 'A Test Play',
      shows: [{ id: show.id, timeZone: 'Europe/Berlin', capacity: 120, sale: 'open' }]
    });
    expect((await ask(`GET /shows/${show.id}`)).body).toMatchObject({ id: show.id, currency: 'EUR' });
  });

  it('sends the plan once: gzip for whoever takes it, 304 for whoever has it', async () => {
    const first = await ask(`GET /shows/${show.id}/plan`);
    expect(first.body).toMatchObject({ capacity: 120 });
    const etag = first.headers.get('etag') ?? '';
    const again = await ask(`GET /shows/${show.id}/plan`, { headers: { 'if-none-match': etag } });
    expect([again.status, again.text]).toEqual([304, '']);
    const zipped = await new Promise<Buffer>((done) => {
      get(`${running.url}/api/v1/shows/${show.id}/plan`, { headers: { 'accept-encoding': 'gzip' } }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => done(Buffer.concat(chunks)));
      });
    });
    expect(gunzipSync(zipped).toString()).toBe(first.text);
  });

  it.each([
    '/events/nothing-like-this',
    '/shows/zzzzzzzzzzzz',
    '/shows/zzzzzzzzzzzz/plan',
    '/shows/zzzzzzzzzzzz/seats'
  ])('GET %s is a problem with status 404', async (path) => {
    const answer = await ask(`GET ${path}`);
    expect(problem(answer)).toEqual([404, 'NOT_FOUND']);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });

  it.each(['/events?limit=0', '/events?limit=101', '/events?kind=party', '/events?from=soon'])(
    'GET %s names what is wrong',
    async (path) => {
      const answer = await ask(`GET ${path}`);
      expect(problem(answer)).toEqual([422, 'INVALID']);
      expect(answer.body?.['errors']).toMatchObject([{ path: expect.stringMatching(/limit|kind|from/) as string }]);
    }
  );
});

describe('holds', () => {
  it('a guest holds, looks, keeps longer, and lets go; the map says so', async () => {
    const buyer = await newBuyer();
    const made = await ask(`POST /shows/${show.id}/holds`, { buyer, body: { seats: [3, 4] } });
    expect(made.status).toBe(201);
    const hold = part(made, 'hold');
    expect(hold).toMatchObject({ showId: show.id, seats: [3, 4] });
    const map = async () => Buffer.from(text(await ask(`GET /shows/${show.id}/seats`), 'map'), 'base64')[0] ?? 0;
    expect((await map()) & 0b11).toBe(1);
    const path = `/holds/${String(hold['id'])}`;
    expect((await ask(`GET ${path}`, { buyer })).body).toMatchObject({ hold: { seats: [3, 4] } });
    expect(problem(await ask(`GET ${path}`, { buyer: await newBuyer() }))).toEqual([404, 'NOT_FOUND']);
    expect((await ask(`PATCH ${path}`, { buyer })).status).toBe(200);
    expect((await ask(`DELETE ${path}`, { buyer })).status).toBe(204);
    expect((await map()) & 0b11).toBe(0);
  });

  it('of two who want a seat one gets it, and the other is told which is gone', async () => {
    const [one, two] = await Promise.all([newBuyer(), newBuyer()]);
    const body = { seats: [8] };
    const answers = await Promise.all([one, two].map((buyer) => ask(`POST /shows/${show.id}/holds`, { buyer, body })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'SEAT_TAKEN', seats: [8] });
  });

  it.each([
    ['no body', undefined, 422],
    ['no list', { seats: 'all' }, 422],
    ['a seat twice', { seats: [1, 1] }, 422],
    ['51 seats', { seats: Array.from({ length: 51 }, (_, n) => n) }, 422],
    ['a seat out of range', { seats: [120] }, 422],
    ['half a seat', { seats: [0.5] }, 422],
    ['more than the cap', { seats: [10, 11, 12, 13, 14, 15, 16, 17, 18] }, 409]
  ])('refuses %s', async (_, body, status) => {
    const answer = await ask(`POST /shows/${show.id}/holds`, { buyer: await newBuyer(), body });
    expect(answer.status).toBe(status);
    expect(answer.text).not.toMatch(/at .*\.ts|node_modules/);
  });

  it('refuses whoever is nobody, and malformed JSON', async () => {
    expect(problem(await ask(`POST /shows/${show.id}/holds`, { body: { seats: [1] } }))).toEqual([
      401,
      'UNAUTHENTICATED'
    ]);
    const response = await fetch(`${running.url}/api/v1/shows/${show.id}/holds`, {
      ...{ method: 'POST', body: '{"seats":[1', headers: { 'content-type': 'application/json' } }
    });
    expect(response.status).toBe(422);
  });

  it('says what is wrong with a value in the language that was asked for, in English to whoever asks for none', async () => {
    const buyer = await newBuyer();
    const hold = (language?: string, seats: unknown = []) =>
      ask(`POST /shows/${show.id}/holds`, {
        ...{ buyer, body: { seats } },
        ...(language ? { headers: { 'accept-language': language } } : {})
      });
    const wrong = async (language?: string) => {
      const { body } = await hold(language);
      const errors = body?.['errors'] as { path: string; message: string }[];
      return [body?.['title'], body?.['detail'], errors.find(({ path }) => path === 'seats')?.message];
    };
    expect(await wrong()).toEqual(['Not valid', 'Some values are not valid.', 'must name at least one seat']);
    expect(await wrong('de-AT, en;q=0.5')).toEqual([
      ...['Nicht gültig', 'Einige Werte sind nicht gültig.', 'muss mindestens einen Platz nennen']
    ]);
    const errors = (await hold('es', 'none')).body?.['errors'] as { path: string; message: string }[];
    expect(errors.find(({ path }) => path === 'seats')?.message).toMatch(/^Entrada inválida/);
  });

  it('refuses what another site asks for with a visitor’s cookies', async () => {
    const { token } = await signUp();
    const headers = { origin: 'https://evil.example' };
    const cookie = `fullhouse_session=${token}`;
    expect(problem(await ask(`POST /shows/${show.id}/holds`, { cookie, headers, body: { seats: [1] } }))).toEqual([
      403,
      'FORBIDDEN'
    ]);
  });

  it.each([
    ['another site', { origin: 'https://evil.example' }],
    ['a frame without an origin', { origin: 'null' }],
    ['nobody says where', {}],
    ['another site, by what the browser says of it', { 'sec-fetch-site': 'cross-site' }]
  ])('refuses the form of a page that comes from %s', async (_, headers: Record<string, string>) => {
    const form = (given: Record<string, string>) =>
      fetch(`${running.url}/sign-in`, {
        ...{ method: 'POST', redirect: 'manual', body: 'email=a%40b.example&password=wrong' },
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html', ...given }
      });
    expect((await form(headers)).status).toBe(403);
    expect((await form({ origin: running.url })).status).toBe(401);
  });
});

describe('bookings', () => {
  async function held(seats: number[]) {
    const user = await signUp();
    const made = await ask(`POST /shows/${show.id}/holds`, { token: user.token, body: { seats } });
    return { ...user, holdId: String(part(made, 'hold')['id']) };
  }
  const book = (token: string, holdId: string, key: string = randomUUID()) =>
    ask('POST /bookings', { token, body: { holdId }, headers: { 'idempotency-key': key } });

  it('are made, paid in the sandbox, confirmed with tickets, and seen by their user alone', async () => {
    const { token, holdId } = await held([30, 31]);
    const key = randomUUID();
    const made = await book(token, holdId, key);
    expect(made.status).toBe(201);
    expect(part(made, 'booking')).toMatchObject({ status: 'PENDING', seats: [30, 31], total: 5000, currency: 'EUR' });
    expect((await book(token, holdId, key)).body).toMatchObject({ booking: { id: part(made, 'booking')['id'] } });
    const id = String(part(made, 'booking')['id']);
    const pay = `POST /payments/${String(part(made, 'payment')['id'])}/sandbox`;
    const other = await signUp('Eve');
    expect(problem(await ask(pay, { token: other.token, body: { outcome: 'success' } }))).toEqual([404, 'NOT_FOUND']);
    expect((await ask(pay, { token, body: { outcome: 'success' } })).status).toBe(202);
    let seen = await ask(`GET /bookings/${id}`, { token });
    for (let n = 0; n < 100 && part(seen, 'booking')['status'] !== 'CONFIRMED'; n++) {
      await wait(50);
      seen = await ask(`GET /bookings/${id}`, { token });
    }
    expect(seen.body).toMatchObject({ booking: { status: 'CONFIRMED' }, tickets: [{}, {}] });
    expect(problem(await ask(`GET /bookings/${id}`, { token: other.token }))).toEqual([404, 'NOT_FOUND']);
    expect((await ask('GET /bookings/mine', { token })).body).toMatchObject({ items: [{ id }], next: null });
    expect((await ask('GET /bookings/mine', { token: other.token })).body).toMatchObject({ items: [] });
  });

  it('need an account, a key, and a hold of one’s own', async () => {
    const { token, holdId } = await held([40]);
    const headers = { 'idempotency-key': 'k' };
    expect(problem(await ask('POST /bookings', { body: { holdId }, headers }))).toEqual([401, 'UNAUTHENTICATED']);
    expect(problem(await ask('POST /bookings', { token, body: { holdId } }))).toEqual([422, 'INVALID']);
    expect(problem(await book((await signUp('Eve')).token, holdId))).toEqual([404, 'NOT_FOUND']);
    expect(problem(await ask('GET /bookings/no-id', { token }))).toEqual([404, 'NOT_FOUND']);
  });

  it('a webhook without our signature is refused', async () => {
    expect(problem(await ask('POST /webhooks/sandbox', { body: { id: 'x' } }))).toEqual([400, 'BAD_SIGNATURE']);
    expect((await ask('POST /webhooks/nobody', { body: {} })).status).toBe(404);
  });

  it('while Postgres is away holds go on, checkout answers BUSY and takes nothing, and works when it is back', async () => {
    const { token, holdId } = await held([50, 51]);
    const [buyer, fresh] = [await newBuyer(), (await signUp('Not asked about yet')).token];
    postgresWire.cut();
    try {
      expect(problem(await book(token, holdId, 'the key'))).toEqual([503, 'BUSY']);
      // Whoever is signed in is not told to sign in because their session cannot be read.
      expect(problem(await ask('GET /me', { token: fresh }))).toEqual([503, 'BUSY']);
      const page = await fetch(`${running.url}/bookings`, {
        ...{ redirect: 'manual', headers: { cookie: `fullhouse_session=${fresh}` } }
      });
      expect([page.status, await page.text()]).toEqual([503, expect.stringContaining('You are signed in')]);
      expect((await fetch(`${running.url}/bookings`, { redirect: 'manual' })).headers.get('location')).toMatch(
        /^\/sign-in/
      );
      expect((await ask(`POST /shows/${show.id}/holds`, { buyer, body: { seats: [60] } })).status).toBe(201);
      expect((await ask('GET /me', { token })).status).toBe(200);
    } finally {
      postgresWire.mend();
    }
    const { rows } = await running.app.db.query('select 1 from booking where hold_id = $1', [holdId]);
    expect(rows).toEqual([]);
    expect((await book(token, holdId, 'the key')).status).toBe(201);
  });
});

describe('running a sale', () => {
  it('is for the show’s organizer and admins; for all others there is no such show', async () => {
    const [admin, stranger, customer] = [await signUp(), await signUp(), await signUp()];
    await makeRole(admin.id, 'admin');
    await makeRole(stranger.id, 'organizer');
    const pause = `POST /shows/${show.id}/pause`;
    for (const token of [stranger.token, customer.token])
      expect(problem(await ask(pause, { token }))).toEqual([404, 'NOT_FOUND']);
    expect((await ask(pause)).status).toBeGreaterThanOrEqual(400);
    expect((await ask(pause, { token: admin.token })).status).toBe(202);
    const buyer = await newBuyer();
    expect(problem(await ask(`POST /shows/${show.id}/holds`, { buyer, body: { seats: [70] } }))).toEqual([
      409,
      'SALE_PAUSED'
    ]);
    expect((await ask(`POST /shows/${show.id}/resume`, { token: admin.token })).status).toBe(202);
    expect((await ask(`POST /shows/${show.id}/holds`, { buyer, body: { seats: [70] } })).status).toBe(201);
    const notice = { token: admin.token, body: { text: 'Doors open at seven.', level: 'info' } };
    expect((await ask(`POST /shows/${show.id}/broadcast`, notice)).body).toEqual({ delivered: 0 });
    const empty = { token: admin.token, body: { text: '', level: 'info' } };
    expect(problem(await ask(`POST /shows/${show.id}/broadcast`, empty))).toEqual([422, 'INVALID']);
  });
});

describe('operations', () => {
  it('answers under /livez and /readyz, and knows when Redis is away; pages and the catalogue load all the same', async () => {
    const status = async (path: string) => (await fetch(running.url + path)).status;
    expect([await status('/livez'), await status('/readyz')]).toEqual([200, 200]);
    const buyer = await newBuyer();
    redisWire.cut();
    try {
      await wait(100);
      expect([await status('/livez'), await status('/readyz')]).toEqual([200, 503]);
      expect([await status('/'), await status(`/shows/${show.id}`), await status(`/api/v1/shows/${show.id}`)]).toEqual([
        200, 200, 200
      ]);
      expect(problem(await ask(`POST /shows/${show.id}/holds`, { buyer, body: { seats: [80] } }))).toEqual([
        503,
        'BUSY'
      ]);
    } finally {
      redisWire.mend();
    }
    for (let n = 0; n < 60 && (await status('/readyz')) !== 200; n++) await wait(100);
    expect((await ask(`POST /shows/${show.id}/holds`, { buyer, body: { seats: [80] } })).status).toBe(201);
  });

  it('a call that does not exist is a problem too', async () => {
    expect(problem(await ask('GET /nothing'))).toEqual([404, 'NOT_FOUND']);
  });
});
