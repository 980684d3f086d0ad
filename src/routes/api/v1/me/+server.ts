import { leaveBody, nameBody } from '#domain/account.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, readBody, signedIn } from '$lib/server/api.ts';
import { clearSession } from '$lib/server/cookies.ts';

export const GET = api((event) => {
  const user = signedIn(event);
  return isRefusal(user) ? user : { user };
});

export const PATCH = api(async (event) => {
  const user = signedIn(event);
  if (isRefusal(user)) return user;
  const body = await readBody(event.request, nameBody);
  if (isRefusal(body)) return body;
  await event.locals.app.ownAccount.rename(user, body.name);
  return { user: { ...user, name: body.name } };
});

/** Leaves for good; asks for the password again. */
export const DELETE = api(async (event) => {
  const user = signedIn(event);
  if (isRefusal(user)) return user;
  const body = await readBody(event.request, leaveBody);
  if (isRefusal(body)) return body;
  const refusal = await event.locals.app.ownAccount.leave(user, body.current);
  if (isRefusal(refusal)) return refusal;
  clearSession(event);
  return null;
});
