import { isRefusal } from '#domain/refusal.ts';
import { api, signedIn } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

export const DELETE = api(async (event: RequestEvent) => {
  const user = signedIn(event);
  if (isRefusal(user)) return user;
  return (await event.locals.app.ownAccount.endSession(user, event.params.id)) ?? null;
});
