import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Running } from '../../server/serve.ts';
import { call, startApi } from './api-server.ts';
import { person, type Person } from './organizers.ts';
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
const form = (id: string, by: Person, body: string) =>
  fetch(`${running.url}/admin/users/${id}?/role`, {
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

describe('the last admin', () => {
  it('stays, however many admins take each other’s role at the same moment', { timeout: 60_000 }, async () => {
    for (let round = 0; round < 5; round++) {
      await running.app.db.query(`update app_user set role = 'customer' where role = 'admin'`);
      const admins = await Promise.all(Array.from({ length: 4 }, () => person(running, 'admin')));
      const by = (one: Person) => ({ user: one.id, owner: null });
      await Promise.all(
        admins.flatMap((one) =>
          admins
            .filter((other) => other !== one)
            .map((other) => running.app.users.giveRole(by(one), other.id, 'customer'))
        )
      );
      const left = await running.app.db.query(`select id from app_user where role = 'admin'`);
      expect(left.rowCount).toBe(1);
    }
    admin = await person(running, 'admin');
  });
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
