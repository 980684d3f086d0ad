import { randomUUID } from 'node:crypto';
import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { startServer, type Running } from '../../../server/serve.ts';
import { call, startApi } from '../api-server.ts';
import { person } from '../organizers.ts';
import { makeShow, type MadeShow } from '../shows.ts';
import { makeConfig } from '../stack.ts';
import { noPages, say, visitorsOf, wait } from '../visitors.ts';
import { send } from './raw.ts';

/** S1, S2, S4: sessions, and the sockets that were opened with them, on two nodes as production has them. */
const ORIGIN = 'https://tickets.example';
let nodes: [Running, Running];
let show: MadeShow;

beforeAll(async () => {
  const config = await makeConfig({ MODE: 'production', ORIGIN, WORKER: 'separate' });
  const first = await startApi(config);
  nodes = [first, await startServer(config, noPages)];
  show = await makeShow(first.app.db, 12);
});
afterAll(async () => {
  visitors.leaveAll();
  await Promise.all(nodes.map((node) => node.close()));
});
const visitors = visitorsOf(() => nodes);

const PASSWORD = 'a long enough password';
async function signUp() {
  const email = `${randomUUID()}@attacks.example`;
  const made = await call(nodes[0].url, 'POST /auth/signup', { body: { email, password: PASSWORD, name: 'Ada' } });
  return { email, id: (made.body?.['user'] as { id: string }).id, token: String(made.body?.['token']) };
}
const signIn = async (email: string, password = PASSWORD) =>
  String((await call(nodes[0].url, 'POST /auth/login', { body: { email, password } })).body?.['token']);
const statusOf = async (token: string) => (await call(nodes[0].url, 'GET /me', { token })).status;
const cookie = (token: string) => ({ cookie: `__Host-fullhouse_session=${token}` });

/** Milliseconds until the server closes the socket; it must be within five seconds. */
async function closing(sockets: Socket[], work: () => Promise<unknown>): Promise<number> {
  const closed = sockets.map((socket) => new Promise((resolve) => socket.once('disconnect', resolve)));
  await work();
  const began = performance.now();
  await Promise.race([
    Promise.all(closed),
    wait(5000).then(() => Promise.reject(new Error('a socket was still open after 5 s')))
  ]);
  return performance.now() - began;
}
const ofSession = (token: string) => Promise.all([0, 1].map((node) => visitors.connect(node, { token })));

describe('S1: a session', () => {
  it('is over when its user signs out: the old cookie is worth nothing, its open sockets close, others stay', async () => {
    const ada = await signUp();
    const other = await signIn(ada.email);
    const [theirs, others] = [await ofSession(ada.token), await ofSession(other)];
    const ms = await closing(theirs, () => call(nodes[0].url, 'POST /auth/logout', { token: ada.token }));
    expect(ms).toBeLessThan(5000);
    expect(await statusOf(ada.token)).toBe(401);
    const page = await send(nodes[0].url, 'GET /account', { headers: { ...cookie(ada.token), accept: 'text/html' } });
    expect([page.status, page.headers.location]).toEqual([303, '/sign-in?next=/account']);
    expect(await statusOf(other)).toBe(200);
    expect(others.every((socket) => socket.connected)).toBe(true);
  });

  it('is over when the password changes elsewhere', async () => {
    const ada = await signUp();
    const here = await signIn(ada.email);
    const sockets = await ofSession(ada.token);
    const body = { current: PASSWORD, password: 'another long password' };
    await closing(sockets, () => call(nodes[0].url, 'POST /me/password', { token: here, body }));
    expect([await statusOf(ada.token), await statusOf(here)]).toEqual([401, 200]);
  });

  it('is a new one at each signing in, whatever token the browser brought along', async () => {
    const ada = await signUp();
    const planted = 'a-token-that-an-attacker-chose-0';
    const body = JSON.stringify({ email: ada.email, password: PASSWORD });
    const headers = { ...cookie(planted), origin: ORIGIN, 'content-type': 'application/json' };
    const answer = await send(nodes[0].url, 'POST /api/v1/auth/login', { headers, body });
    const { token } = JSON.parse(answer.text) as { token: string };
    expect(token).not.toBe(planted);
    expect(token).not.toBe(ada.token);
    expect(await statusOf(planted)).toBe(401);
    // 24 random bytes and no two alike.
    expect(token).toMatch(/^[\w-]{32}$/);
  });

  it('ends after two weeks without use, and after two months in any case', async () => {
    const { db } = nodes[0].app;
    for (const change of [
      `expires_at = now() - interval '1 second'`,
      `created_at = now() - interval '61 days', expires_at = now() + interval '1 day'`
    ]) {
      const { id } = await signUp();
      await db.query(`update user_session set ${change} where user_id = $1`, [id]);
      const { rows } = await db.query<{ email: string }>('select email from app_user where id = $1', [id]);
      const fresh = await signIn(rows[0]?.email ?? '');
      expect(await statusOf(fresh)).toBe(200);
      await db.query(`update user_session set ${change} where user_id = $1`, [id]);
      // The second node has believed nothing yet.
      const socket = await visitors.connect(1, { token: fresh });
      const answer = await say(socket, 'seats:hold', { showId: show.id, seats: [1], requestId: 'r' });
      expect(answer).toMatchObject({ ok: false, code: 'UNAUTHENTICATED' });
    }
  });

  it('has cookies that no script reads, no other site sends, and no other host sets', async () => {
    const page = await send(nodes[0].url, 'GET /', { headers: { accept: 'text/html' } });
    const ada = await signUp();
    const body = JSON.stringify({ email: ada.email, password: PASSWORD });
    const headers = { origin: ORIGIN, 'content-type': 'application/json' };
    const signedIn = await send(nodes[0].url, 'POST /api/v1/auth/login', { headers, body });
    const set = [page, signedIn].flatMap((answer) => answer.headers['set-cookie'] ?? []);
    expect(set.map((one) => one.split('=')[0]).sort()).toEqual(['__Host-fullhouse_buyer', '__Host-fullhouse_session']);
    for (const one of set) {
      expect(one).toMatch(/; Path=\/(;|$)/);
      expect(one).toMatch(/; HttpOnly(;|$)/);
      expect(one).toMatch(/; Secure(;|$)/);
      expect(one).toMatch(/; SameSite=Lax(;|$)/);
      expect(one).not.toMatch(/Domain=/i);
    }
    // The same name without the prefix could be set by a neighbour of ours: it opens nothing.
    const plain = await send(nodes[0].url, 'GET /api/v1/me', { headers: { cookie: `fullhouse_session=${ada.token}` } });
    expect(plain.status).toBe(401);
  });

  it('cannot be taken from a dump of the database', async () => {
    const ada = await signUp();
    const owner = await person(nodes[0], 'organizer');
    const made = await call(nodes[0].url, 'POST /me/tokens', {
      ...{ token: owner.token, body: { name: 'Till', scopes: ['control'], days: 1 } }
    });
    expect(made.status).toBe(201);
    await call(nodes[0].url, 'POST /auth/password-reset', { body: { email: ada.email } });
    const secrets = [ada.token, owner.token, String(made.body?.['text']), PASSWORD];
    const dump = await dumpOf(nodes[0]);
    expect(dump).toContain(ada.email);
    for (const secret of secrets) expect(dump).not.toContain(secret);
    // What is stored in the place of a token is not one.
    const stored = [...dump.matchAll(/\b[0-9a-f]{64}\b/g)].map(([hash]) => hash);
    expect(stored.length).toBeGreaterThan(0);
    for (const hash of new Set(stored)) expect(await statusOf(hash)).toBe(401);
    const links = await nodes[0].app.db.query<{ id: string }>('select id from account_link');
    expect(links.rows.length).toBeGreaterThan(0);
    for (const { id } of links.rows) {
      const body = { token: id, password: 'a password of the thief' };
      expect((await call(nodes[0].url, 'POST /auth/password', { body })).status).toBe(410);
    }
  });
});

async function dumpOf({ app }: Running): Promise<string> {
  const tables = await app.db.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`
  );
  const parts: string[] = [];
  for (const { name } of tables.rows) {
    const { rows } = await app.db.query<{ row: string }>(`select to_json(t)::text as row from ${name} t`);
    parts.push(...rows.map(({ row }) => row));
  }
  return parts.join('\n');
}

/** A handshake as a browser makes it, the cookies coming along by themselves: 101, or the status of the "no". */
function handshake(headers: Record<string, string>): Promise<number | undefined> {
  const wire = new WebSocket(`${nodes[0].url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, { headers });
  return new Promise((resolve, reject) => {
    wire.once('error', reject);
    wire.once('open', () => {
      wire.terminate();
      resolve(101);
    });
    wire.once('unexpected-response', (_, response) => {
      response.destroy();
      resolve(response.statusCode);
    });
  });
}

describe('S2: a handshake', () => {
  it('is accepted from our own pages only, and from programs that bring no cookies', async () => {
    const { token } = await signUp();
    const asked = {
      'https://evil.example': 403,
      null: 403,
      'https://tickets.example.evil.example': 403,
      'https://eviltickets.example': 403,
      'https://evil.tickets.example': 403,
      'http://tickets.example': 403,
      'https://tickets.example:8443': 403,
      [nodes[0].url]: 403,
      [ORIGIN]: 101
    };
    for (const [origin, answer] of Object.entries(asked)) {
      expect(await handshake({ ...cookie(token), origin }), origin).toBe(answer);
    }
    expect(await handshake(cookie(token)), 'cookies, and nobody says from where').toBe(403);
    expect(await handshake({}), 'a program').toBe(101);
  });

  it('is for WebSockets alone: polling is answered to nobody', async () => {
    const polling = await send(nodes[0].url, 'GET /socket.io/?EIO=4&transport=polling', {
      headers: { origin: ORIGIN }
    });
    expect(polling.status).toBe(400);
  });
});

describe('S4: whoever was shut out while connected', () => {
  it('by an admin has no socket on any node, no session, no token and no way to sign in, until they are let in again', async () => {
    const [admin, ada] = [await person(nodes[0], 'admin'), await signUp()];
    await nodes[0].app.db.query(`update app_user set role = 'organizer' where id = $1`, [ada.id]);
    const token = await signIn(ada.email);
    const made = await call(nodes[0].url, 'POST /me/tokens', {
      ...{ token, body: { name: 'Till', scopes: ['control'], days: 1 } }
    });
    const program = String(made.body?.['text']);
    expect([await statusOf(token), await statusOf(program)]).toEqual([200, 200]);
    const suspension = (method: string) =>
      call(nodes[0].url, `${method} /admin/users/${ada.id}/suspension`, { token: admin.token });
    await closing(await ofSession(token), () => suspension('PUT'));

    expect([await statusOf(token), await statusOf(program)]).toEqual([401, 401]);
    // Here at once; other nodes believe what they knew for five seconds more, as below.
    const again = await visitors.connect(0, { token });
    const click = { showId: show.id, seats: [5], requestId: 'again' };
    expect(await say(again, 'seats:hold', click)).toMatchObject({ ok: false, code: 'UNAUTHENTICATED' });
    const refused = await call(nodes[0].url, 'POST /auth/login', { body: { email: ada.email, password: PASSWORD } });
    expect([refused.status, refused.body?.['code']]).toEqual([403, 'FORBIDDEN']);
    expect(refused.text).toContain('suspended');
    // To who does not know the password it is an account like others.
    const guess = { email: ada.email, password: 'a guess of somebody else' };
    expect((await call(nodes[0].url, 'POST /auth/login', { body: guess })).status).toBe(401);
    // A sign-in that had checked the password a moment before has made its session a moment after.
    const late = 'late'.padEnd(32, '0');
    await nodes[0].app.db.query(
      `insert into user_session (id, user_id, expires_at) values ($1, $2, now() + interval '1 day')`,
      [nodes[0].app.accounts.sessionId(late), ada.id]
    );
    expect(await statusOf(late)).toBe(401);

    expect((await suspension('DELETE')).status).toBe(200);
    expect([await statusOf(await signIn(ada.email)), await statusOf(program)]).toEqual([200, 200]);
    // What was open before stays closed.
    expect(await statusOf(token)).toBe(401);
  });

  it('holds nothing more, though nobody told this node', { timeout: 20_000 }, async () => {
    const ada = await signUp();
    const socket = await visitors.connect(1, { token: ada.token });
    const click = (seat: number) => say(socket, 'seats:hold', { showId: show.id, seats: [seat], requestId: `${seat}` });
    expect(await click(2)).toMatchObject({ ok: true });
    const began = performance.now();
    await nodes[0].app.db.query('delete from user_session where user_id = $1', [ada.id]);
    let answer = await click(3);
    while (answer.ok && performance.now() - began < 6000) {
      await wait(250);
      answer = await click(3);
    }
    expect(answer).toMatchObject({ ok: false, code: 'UNAUTHENTICATED' });
  });
});
