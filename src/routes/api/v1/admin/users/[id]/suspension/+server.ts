import { isRefusal } from '#domain/refusal.ts';
import { api } from '$lib/server/api.ts';
import { askedUser } from '$lib/server/asked-user.ts';
import type { RequestEvent } from './$types';

export const PUT = api((event: RequestEvent) => {
  const by = askedUser(event);
  return isRefusal(by) ? by : event.locals.app.users.suspend(by, event.params.id);
});

export const DELETE = api((event: RequestEvent) => {
  const by = askedUser(event);
  return isRefusal(by) ? by : event.locals.app.users.restore(by, event.params.id);
});
