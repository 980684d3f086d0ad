import * as m from '#domain/messages/compiled/refusals_desk.js';
import type { UserId } from '#domain/ids.ts';
import type { UsersQuery } from '#domain/reports.ts';
import { notFound } from '#domain/not-found.ts';
import { isRefusal, refuse, type Refusal } from '#domain/refusal.ts';
import { audit, change } from '../catalog/changes.ts';
import { decodeCursor, pattern, toPage } from '../catalog/cursor.ts';
import type { Manager } from '../catalog/ownership.ts';
import type { Database, Sql } from '../db/database.ts';
import type { Role } from './roles.ts';

/** Who has an account, and what they may do: for admins alone. To everybody else there is nothing here. */
export interface Users {
  list(by: Manager, query: UsersQuery): Promise<{ items: ListedUser[]; next: string | null } | Refusal>;
  get(by: Manager, id: UserId): Promise<ListedUser | Refusal>;
  /**
   * The user is signed out everywhere, so that what they had open has no more rights than they have. Refuses FORBIDDEN
   * for one's own role: so there is always an admin left.
   */
  giveRole(by: Manager, id: UserId, role: Role): Promise<ListedUser | Refusal>;
  /**
   * Nobody comes in with this account any more, nor with its API tokens, and its webhooks hear nothing; sessions and
   * sockets end, here at once and on other nodes within 5 s. What it has bought and sells stays. Refuses FORBIDDEN for
   * one's own.
   */
  suspend(by: Manager, id: UserId): Promise<ListedUser | Refusal>;
  /** Takes that back: they may sign in again, and their tokens are good. */
  restore(by: Manager, id: UserId): Promise<ListedUser | Refusal>;
}

export interface ListedUser {
  id: UserId;
  email: string;
  name: string;
  role: Role;
  since: string;
  bookings: number;
  /** Null while they may come in. */
  suspendedAt: string | null;
}

const USER = `u.id, u.email, u.name, u.role, u.created_at as since, u.suspended_at,
  (select count(*) from booking b where b.user_id = u.id) as bookings`;
type Row = Omit<ListedUser, 'since' | 'suspendedAt'> & { since: Date; suspended_at: Date | null };
const toUser = ({ since, suspended_at, ...user }: Row): ListedUser => ({
  ...user,
  ...{ since: since.toISOString(), suspendedAt: suspended_at?.toISOString() ?? null }
});
/** What the audit log keeps of it. */
const noted = ({ email, name, role, suspendedAt }: ListedUser) => ({
  ...{ email, name, role },
  suspended: suspendedAt !== null
});
const nobody = () => notFound('user');

export function createUsers(parts: { db: Database; signOut: (user: UserId) => void }): Users {
  const { db, signOut } = parts;

  async function read(sql: Sql, id: UserId): Promise<ListedUser | Refusal> {
    const { rows } = await sql.query<Row>(`select ${USER} from app_user u where u.id = $1`, [id]);
    return rows[0] ? toUser(rows[0]) : nobody();
  }

  /** Changes what somebody else may do. Where that made a difference, whatever they had open ends. */
  async function shutOut(
    by: Manager,
    id: UserId,
    own: string,
    work: (sql: Sql, before: ListedUser) => Promise<ListedUser>
  ): Promise<ListedUser | Refusal> {
    if (by.owner !== null) return nobody();
    let ended = false;
    const done = await change(db, async (sql) => {
      // All admins and whom it is about, in one order: of two who shut each other out the second finds itself no admin.
      const locked = await sql.query<{ id: UserId; admin: boolean }>(
        `select id, role = 'admin' and suspended_at is null as admin from app_user
          where (role = 'admin' and suspended_at is null) or id = $1 order by id for update`,
        [id]
      );
      if (!locked.rows.some((user) => user.id === by.user && user.admin)) return nobody();
      if (!locked.rows.some((user) => user.id === id)) return nobody();
      if (id === by.user) return refuse('FORBIDDEN', own);
      const before = await read(sql, id);
      if (isRefusal(before)) return before;
      const after = await work(sql, before);
      ended = after !== before;
      if (ended) await sql.query('delete from user_session where user_id = $1', [id]);
      return after;
    });
    if (ended && !isRefusal(done)) signOut(id);
    return done;
  }

  return {
    async list(by, query) {
      if (by.owner !== null) return nobody();
      const [email, id] = decodeCursor(query.cursor) ?? [null, null];
      const known = id !== null && /^[0-9a-f-]{36}$/.test(id);
      const { rows } = await db.query<Row & { key: string }>(
        `select ${USER}, lower(u.email) as key from app_user u
          where ($1::text is null or u.email ilike $1 or u.name ilike $1) and ($2::text is null or u.role = $2)
            and ($3::text is null or (lower(u.email), u.id) > ($3, $4::uuid))
          order by lower(u.email), u.id limit $5`,
        [pattern(query.q), query.role ?? null, known ? email : null, known ? id : null, query.limit + 1]
      );
      const page = toPage(rows, query.limit);
      return { items: page.rows.map(({ key: _, ...row }) => toUser(row)), next: page.next };
    },

    get: async (by, id) => (by.owner === null ? read(db, id) : nobody()),

    giveRole: (by, id, role) =>
      shutOut(by, id, m.own_role(), async (sql, before) => {
        if (before.role === role) return before;
        await sql.query('update app_user set role = $2 where id = $1', [id, role]);
        await audit(sql, by, 'user', id, noted(before), noted({ ...before, role }), 'give role');
        return { ...before, role };
      }),

    suspend: (by, id) =>
      shutOut(by, id, m.own_account(), async (sql, before) => {
        if (before.suspendedAt !== null) return before;
        const { rows } = await sql.query<{ at: Date }>(
          'update app_user set suspended_at = now() where id = $1 returning suspended_at as at',
          [id]
        );
        const after = { ...before, suspendedAt: rows[0]?.at.toISOString() ?? null };
        await audit(sql, by, 'user', id, noted(before), noted(after), 'suspend');
        return after;
      }),

    restore: (by, id) =>
      shutOut(by, id, m.own_not_suspended(), async (sql, before) => {
        if (before.suspendedAt === null) return before;
        await sql.query('update app_user set suspended_at = null where id = $1', [id]);
        const after = { ...before, suspendedAt: null };
        await audit(sql, by, 'user', id, noted(before), noted(after), 'let in again');
        return after;
      })
  };
}
