import * as m from '#domain/messages/compiled/check_in.js';
import type { UserId } from '#domain/ids.ts';
import { sign_in_first } from '#domain/messages/compiled/refusals.js';
import { refuse, type Refusal } from '#domain/refusal.ts';
import type { User } from '../accounts/accounts.ts';
import type { Sql } from '../db/database.ts';

/**
 * Whose shows somebody may check tickets at: an admin all, an organizer their own, and whoever an organizer has
 * appointed that organizer's. The role "staff" alone opens no door.
 */
export interface Door {
  user: UserId;
  /** null stands for everybody's. */
  owners: UserId[] | null;
}

/** Refuses UNAUTHENTICATED, and FORBIDDEN for whoever has no door at all. */
export async function doorOf(sql: Sql, user: User | null): Promise<Door | Refusal> {
  if (!user) return refuse('UNAUTHENTICATED', sign_in_first());
  if (user.role === 'admin') return { user: user.id, owners: null };
  const { rows } = await sql.query<{ organizer_id: UserId }>(
    'select organizer_id from staff_member where user_id = $1',
    [user.id]
  );
  const owners = rows.map((row) => row.organizer_id);
  if (user.role === 'organizer') owners.push(user.id);
  if (owners.length === 0) return refuse('FORBIDDEN', m.ask_to_be_appointed());
  return { user: user.id, owners };
}

/** The rule in SQL, with the door's `owners` as that parameter. */
export const behind = (column: string, parameter: number) =>
  `($${parameter}::uuid[] is null or ${column} = any($${parameter}))`;
