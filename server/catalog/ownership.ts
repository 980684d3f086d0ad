import * as desk from '#domain/messages/compiled/refusals_desk.js';
import * as m from '#domain/messages/compiled/refusals.js';
import type { UserId } from '#domain/ids.ts';
import { refuse, type Refusal } from '#domain/refusal.ts';
import type { User } from '../accounts/accounts.ts';

/**
 * The one rule of who may see and change what is sold: an organizer their own, an admin everybody's. What it does not
 * let through looks the same as what does not exist.
 */
export interface Manager {
  user: UserId;
  /** Whose things these are: `organizer_id` must be this; null stands for everybody's. */
  owner: UserId | null;
}

export function managerOf(user: User | null): Manager | Refusal {
  if (!user) return refuse('UNAUTHENTICATED', m.sign_in_first());
  if (user.role === 'admin') return { user: user.id, owner: null };
  if (user.role === 'organizer') return { user: user.id, owner: user.id };
  return refuse('FORBIDDEN', desk.organizers_only());
}

/** The rule in SQL: `owned('v.organizer_id', 2)` with the manager's `owner` as $2. */
export const owned = (column: string, parameter: number) =>
  `($${parameter}::uuid is null or ${column} = $${parameter})`;
