import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Running } from '../../server/serve.ts';
import { call, startApi } from './api-server.ts';
import { makeDesk, person, type Person } from './organizers.ts';
import { makeConfig } from './stack.ts';
import { until, visitorsOf } from './visitors.ts';

/** Who may do what, and who decides it. */
let running: Running;
let admin: Person;
let visitors: ReturnType<typeof visitorsOf>;

beforeAll(async () => {
  running = await startApi(await makeConfig());
  admin = await person(running, 'admin');
  visitors = visitorsOf(() => [running]);
});
afterAll(async () => {
  visitors.leaveAll();
  await running.close();
});

const give = (id: string, role: string, by: Person = admin) =>
  call(running.url, `PATCH /admin/users/${id}`, { token: by.token, body: { role } });
const roleOf = async (id: string) =>
  (await running.app.db.query<{ role: string }>('select role from app_user where id = $1', [id])).rows[0]?.role;
const form = (id: string, by: Person, body: string, action = 'role') =>
  fetch(`${running.url}/admin/users/${id}?/${action}`, {
    ...{ method: 'POST', redirect: 'manual', body },
    headers: {
      ...{ accept: 'text/html', cookie: `fullhouse_session=${by.token}`, origin: running.url },
      'content-type': 'application/x-www-form-urlencoded'
    }
  });

describe('a role', () => {
  it('is given by an admin, is written down, and ends what the user had open', async () => {
    const user = await person(running);
    const socket = await visitors.connect(0, { token: user.token });
    let closed = false;
    socket.on('disconnect', () => (closed = true));
    expect((await call(running.url, 'GET /me', { token: user.token })).status).toBe(200);
    const answer = await give(user.id, 'organizer');
    expect(answer.body).toMatchObject({ id: user.id, role: 'organizer' });
    await until(() => closed);
    // At once on this node, not only when its belief in the session runs out.
    expect((await call(running.url, 'GET /bookings/mine', { token: user.token })).status).toBe(401);
    const { rows } = await running.app.db.query(
      `select user_id, action, kind, before ->> 'role' as was, after ->> 'role' as is from audit_log where thing_id = $1`,
      [user.id]
    );
    expect(rows).toEqual([{ user_id: admin.id, action: 'give role', kind: 'user', was: 'customer', is: 'organizer' }]);
  });

  it('that they have already changes nothing', async () => {
    const user = await person(running, 'staff');
    expect((await give(user.id, 'staff')).status).toBe(200);
    expect((await call(running.url, 'GET /bookings/mine', { token: user.token })).status).toBe(200);
    expect((await running.app.db.query('select 1 from audit_log where thing_id = $1', [user.id])).rowCount).toBe(0);
  });

  it('is never one’s own, and no other than the four', async () => {
    expect((await give(admin.id, 'customer')).body).toMatchObject({ code: 'FORBIDDEN' });
    const user = await person(running);
    expect((await give(user.id, 'king')).body).toMatchObject({ code: 'INVALID', errors: [{ path: 'role' }] });
    expect(await roleOf(admin.id)).toBe('admin');
  });

  it('is not for organizers to see or to give', async () => {
    const organizer = await person(running, 'organizer');
    const user = await person(running);
    for (const what of ['GET /admin/users', `GET /admin/users/${user.id}`, 'GET /admin/users.csv']) {
      expect((await call(running.url, what, { token: organizer.token })).status, what).toBe(404);
    }
    expect((await give(user.id, 'admin', organizer)).status).toBe(404);
    expect((await form(user.id, organizer, 'role=admin&sure=yes')).status).toBe(404);
    expect(await roleOf(user.id)).toBe('customer');
  });

  it('is given by a form only when one is sure', async () => {
    const user = await person(running);
    expect((await form(user.id, admin, 'role=staff')).status).toBe(422);
    expect(await roleOf(user.id)).toBe('customer');
    expect((await form(user.id, admin, 'role=staff&sure=yes')).status).toBe(200);
    expect(await roleOf(user.id)).toBe('staff');
  });
});

describe('an account', () => {
  const suspension = (method: string, id: string, by: Person = admin) =>
    call(running.url, `${method} /admin/users/${id}/suspension`, { token: by.token });
  const suspended = async (id: string) =>
    (await running.app.db.query('select 1 from app_user where id = $1 and suspended_at is not null', [id])).rowCount;
  const statusOf = async ({ token }: Person) => (await call(running.url, 'GET /bookings/mine', { token })).status;

  it('is suspended and let in again by an admin, once each, and both are written down', async () => {
    const user = await person(running);
    for (const times of [1, 2]) {
      const { body } = await suspension('PUT', user.id);
      expect(body, String(times)).toMatchObject({ id: user.id, suspendedAt: expect.any(String) as string });
    }
    expect(await statusOf(user)).toBe(401);
    for (const times of [1, 2])
      expect((await suspension('DELETE', user.id)).body, String(times)).toMatchObject({ suspendedAt: null });
    const { rows } = await running.app.db.query<{ action: string; is: string }>(
      `select action, after ->> 'suspended' as is from audit_log where thing_id = $1 order by id`,
      [user.id]
    );
    expect(rows).toEqual([
      { action: 'suspend', is: 'true' },
      { action: 'let in again', is: 'false' }
    ]);
  });

  it('is suspended by nobody else, and never one’s own', async () => {
    const [user, organizer] = [await person(running), await person(running, 'organizer')];
    for (const method of ['PUT', 'DELETE']) expect((await suspension(method, user.id, organizer)).status).toBe(404);
    expect((await suspension('PUT', admin.id)).body).toMatchObject({ code: 'FORBIDDEN' });
    expect([await suspended(user.id), await suspended(admin.id)]).toEqual([0, 0]);
  });

  it('is suspended by a form only when one is sure, and let in again by another', async () => {
    const user = await person(running);
    expect((await form(user.id, admin, '', 'suspend')).status).toBe(422);
    expect(await suspended(user.id)).toBe(0);
    expect(await (await form(user.id, admin, 'sure=yes', 'suspend')).text()).toContain('cannot sign in any more');
    expect(await suspended(user.id)).toBe(1);
    expect(await (await form(user.id, admin, '', 'restore')).text()).toContain('can sign in again');
    expect(await suspended(user.id)).toBe(0);
  });

  it('of an organizer that is suspended has webhooks that hear nothing', async () => {
    const owner = await person(running, 'organizer');
    const { eventId, showId } = await makeDesk(running, owner);
    const hook = { name: 'Till', url: 'https://example.org/till', events: ['show.changed'] };
    expect((await call(running.url, 'POST /webhook-endpoints', { token: owner.token, body: hook })).status).toBe(201);
    const told = async () => {
      const paused = await call(running.url, `POST /shows/${showId}/pause`, { token: admin.token });
      await call(running.url, `POST /shows/${showId}/resume`, { token: admin.token });
      expect(paused.status).toBe(202);
      const { rows } = await running.app.db.query<{ count: number }>(
        `select count(*) from outbox where kind = 'webhook.event' and payload -> 'data' ->> 'eventId' = $1`,
        [eventId]
      );
      return rows[0]?.count ?? 0;
    };
    const before = await told();
    expect(before).toBeGreaterThan(0);
    await suspension('PUT', owner.id);
    expect(await told()).toBe(before);
  });
});

describe('the last admin', () => {
  it(
    'stays, however many admins take each other’s role or shut each other out at the same moment',
    { timeout: 60_000 },
    async () => {
      for (let round = 0; round < 8; round++) {
        await running.app.db.query(`update app_user set role = 'customer' where role = 'admin'`);
        const admins = await Promise.all(Array.from({ length: 8 }, () => person(running, 'admin')));
        const by = (one: Person) => ({ user: one.id, owner: null });
        await Promise.all(
          admins.flatMap((one) =>
            admins
              .filter((other) => other !== one)
              .map((other, n) =>
                n % 2 === round % 2
                  ? running.app.users.giveRole(by(one), other.id, 'customer')
                  : running.app.users.suspend(by(one), other.id)
              )
          )
        );
        const left = await running.app.db.query(
          `select id from app_user where role = 'admin' and suspended_at is null`
        );
        expect(left.rowCount).toBe(1);
      }
      admin = await person(running, 'admin');
    }
  );
});

describe('the list', () => {
  it('finds users by name, address and role, a page at a time', async () => {
    await person(running, 'staff');
    await person(running, 'staff');
    const seen: string[] = [];
    let cursor = '';
    do {
      const answer = await call(running.url, `GET /admin/users?role=staff&limit=1&cursor=${cursor}`, {
        token: admin.token
      });
      const { items, next } = answer.body as { items: { email: string; role: string }[]; next: string | null };
      expect(items.every(({ role }) => role === 'staff')).toBe(true);
      seen.push(...items.map(({ email }) => email));
      cursor = next ?? '';
    } while (cursor !== '');
    const { rows } = await running.app.db.query<{ email: string }>(
      `select email from app_user where role = 'staff' order by lower(email), id`
    );
    expect(seen).toEqual(rows.map(({ email }) => email));
    const found = await call(running.url, `GET /admin/users?q=${seen[0] ?? ''}`, { token: admin.token });
    expect(found.body?.['items']).toMatchObject([{ email: seen[0] }]);
  });
});
