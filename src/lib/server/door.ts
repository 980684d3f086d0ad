import { error, redirect } from '@sveltejs/kit';
import { isRefusal } from '#domain/refusal.ts';
import type { Door } from '../../../server/check-in/door.ts';

/** What the pages of the door begin with: whoever may not check tickets anywhere has no such page. */
export async function door(locals: App.Locals, url: URL): Promise<Door> {
  const found = await locals.app.checkIn.doorOf(locals.identity.user);
  if (!isRefusal(found)) return found;
  if (found.code === 'UNAUTHENTICATED') redirect(303, `/sign-in?next=${encodeURIComponent(url.pathname)}`);
  error(404, 'There is no such page.');
}
