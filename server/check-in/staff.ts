import { uuid, type UserId } from '#domain/ids.ts';
import { notFound } from '#domain/not-found.ts';
import { isRefusal, type Refusal } from '#domain/refusal.ts';
import { audit, change, invalid } from '../catalog/changes.ts';
import { owned, type Manager } from '../catalog/ownership.ts';
import type { Database } from '../db/database.ts';

/** The people an organizer has appointed to check tickets at their shows. */
export interface StaffMember {
  userId: UserId;
  name: string;
  email: string;
  organizerId: UserId;
  organizerName: string;
  since: string;
}

export interface Staff {
  list(by: Manager): Promise<StaffMember[]>;
  /** By the e-mail of their account; twice is once. Refuses INVALID when nobody has that address. */
  appoint(by: Manager, email: string): Promise<{ name: string } | Refusal>;
  remove(by: Manager, organizer: UserId, user: UserId): Promise<null | Refusal>;
}

export const createStaff = (db: Database): Staff => ({
  async list(by) {
    const { rows } = await db.query<Omit<StaffMember, 'since'> & { since: Date }>(
      `select u.id as "userId", u.name, u.email, m.organizer_id as "organizerId", o.name as "organizerName",
              m.created_at as since
         from staff_member m join app_user u on u.id = m.user_id join app_user o on o.id = m.organizer_id
        where ${owned('m.organizer_id', 1)} order by o.name, u.name, u.id limit 500`,
      [by.owner]
    );
    return rows.map((row) => ({ ...row, since: row.since.toISOString() }));
  },

  appoint: (by, email) =>
    change(db, async (sql) => {
      const found = await sql.query<{ id: UserId; name: string; email: string }>(
        'select id, name, email from app_user where lower(email) = lower($1)',
        [email.trim()]
      );
      const [user] = found.rows;
      if (!user) return invalid('email', 'belongs to no account: they have to sign up first');
      if (user.id === by.user) return invalid('email', 'is your own: you may check tickets at your shows already');
      const added = await sql.query(
        'insert into staff_member (organizer_id, user_id) values ($1, $2) on conflict do nothing',
        [by.user, user.id]
      );
      if (added.rowCount === 1) await audit(sql, by, 'user', user.id, null, { email: user.email }, 'appoint staff');
      return { name: user.name };
    }),

  remove: async (by, organizer, user) => {
    if (![organizer, user].every((id) => uuid.safeParse(id).success)) return notFound('member_of_your_staff');
    const done = await change(db, async (sql) => {
      const gone = await sql.query(
        `delete from staff_member m where organizer_id = $1 and user_id = $2 and ${owned('m.organizer_id', 3)}`,
        [organizer, user, by.owner]
      );
      if (gone.rowCount !== 1) return notFound('member_of_your_staff');
      await audit(sql, by, 'user', user, { organizer }, null, 'remove staff');
      return { gone: true };
    });
    return isRefusal(done) ? done : null;
  }
});
