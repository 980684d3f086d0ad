import { isRefusal } from '#domain/refusal.ts';
import { api, session } from '$lib/server/api.ts';
import { clearSession } from '$lib/server/cookies.ts';

export const GET = api(async (event) => {
  const own = session(event);
  if (isRefusal(own)) return own;
  return { items: await event.locals.app.ownAccount.sessions(own.user, own.token) };
});

/** Signs out everywhere. */
export const DELETE = api(async (event) => {
  const own = session(event);
  if (isRefusal(own)) return own;
  await event.locals.app.ownAccount.signOutEverywhere(own.user);
  clearSession(event);
  return null;
});
