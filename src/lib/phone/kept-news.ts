import { keptAnswer } from './kept-booking.ts';
import { allKept, forget, forgetAll, keep } from './kept-store.ts';

/** The server is asked for so many bookings at once at most. */
const MOST = 20;

/**
 * Asks the server how these bookings are now, keeps those whose tickets are valid, and forgets the others. Nothing
 * changes while the server cannot be reached. Answers the ids that are kept now, or null when nobody knows.
 */
export async function renewKept(ids: readonly string[]): Promise<string[] | null> {
  const asked = ids.slice(0, MOST);
  const query = new URLSearchParams(asked.map((id) => ['id', id]));
  const answer = await fetch(`/bookings/kept?${query.toString()}`, { cache: 'no-store' }).catch(() => null);
  if (answer?.status === 401) {
    await forgetAll();
    return [];
  }
  if (!answer?.ok) return null;
  const { owner, at, bookings } = keptAnswer.parse(await answer.json());
  const valid = bookings.map(({ id }) => id);
  await forget(asked.filter((id) => !valid.includes(id)));
  await keep(bookings.map((booking) => ({ owner, at, booking })));
  return valid;
}

/** Forgets what is not this user's, and renews what is. */
export async function tidy(user: string | null): Promise<void> {
  const kept = await allKept();
  if (kept.length === 0) return;
  if (user === null || kept.some(({ owner }) => owner !== user)) {
    await forgetAll();
    return;
  }
  await renewKept(kept.map(({ booking }) => booking.id));
}
