import type { RequestEvent } from '@sveltejs/kit';
import { refuse, type Refusal } from '#domain/refusal.ts';
import type { User } from '../../../server/accounts/accounts.ts';

/** Whoever may have venues and plans of their own. */
export function asOrganizer(event: RequestEvent): User | Refusal {
  const { user } = event.locals.identity;
  if (!user) return refuse('UNAUTHENTICATED', 'Please sign in first.');
  if (user.role === 'organizer' || user.role === 'admin') return user;
  return refuse('FORBIDDEN', 'Only organizers can do this.');
}
