import type { UserId } from '#domain/ids.ts';
import type { UsersQuery } from '#domain/reports.ts';
import { isRefusal, notFound, refuse, type Refusal } from '#domain/refusal.ts';
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
   * for one's own role and for the last admin's.
   */
  giveRole(by: Manager, id: UserId, role: Role): Promise<ListedUser | Refusal>;
}

export interface ListedUser {
  id: UserId;
  email: string;
  name: string;
  role: Role;
  since: string;
  bookings: number;
}

const USER = `u.id, u.email, u.name, u.role, u.created_at as since,
  (select count(*) from booking b where b.user_id = u.id) as bookings`;
type Row = Omit<ListedUser, 'since'> & { since: Date };
const toUser = ({ since, ...user }: Row): ListedUser => ({ ...user, since: since.toISOString() });
const nobody = () => notFound('user');

export function createUsers(parts: { db: Database; signOut: (user: UserId) => void }): Users {
  const { db, signOut } = parts;

  async function read(sql: Sql, id: UserId): Promise<ListedUser | Refusal> {
    const { rows } = await sql.query<Row>(`select ${USER} from app_user u where u.id = $1`, [id]);
    return rows[0] ? toUser(rows[0]) : nobody();
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

    async giveRole(by, id, role) {
      if (by.owner !== null) return nobody();
      const given = await change(db, async (sql) => {
        // All admins are locked, in one order: of two who take each other's role the second finds itself none.
        const admins = await sql.query<{ id: UserId }>(
          `select id from app_user where role = 'admin' order by id for update`
        );
        const others = admins.rows.filter((admin) => admin.id !== id);
        if (!admins.rows.some((admin) => admin.id === by.user)) return nobody();
        const locked = await sql.query('select 1 from app_user where id = $1 for update', [id]);
        if (!locked.rowCount) return nobody();
        if (id === by.user) return refuse('FORBIDDEN', 'Your own role can only be changed by another admin.');
        if (role !== 'admin' && others.length === 0) return refuse('FORBIDDEN', 'There must be an admin.');
        const before = await read(sql, id);
        if (isRefusal(before) || before.role === role) return before;
        await sql.query('update app_user set role = $2 where id = $1', [id, role]);
        await sql.query('delete from user_session where user_id = $1', [id]);
        const what = ({ email, name, role: is }: ListedUser) => ({ email, name, role: is });
        await audit(sql, by, 'user', id, what(before), { ...what(before), role }, 'give role');
        return { ...before, role };
      });
      if (!isRefusal(given)) signOut(id);
      return given;
    }
  };
}
