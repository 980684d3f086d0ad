import { isRefusal } from '#domain/refusal.ts';
import { api, signedIn } from '$lib/server/api.ts';

/** Open wishes first, then those that ended lately. They are few: there are no pages of them. */
export const GET = api(async (event) => {
  const user = signedIn(event);
  if (isRefusal(user)) return user;
  return { items: await event.locals.app.waiting.mine(user.id), next: null };
});
