import { rolePatch } from '#domain/reports.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, readBody } from '$lib/server/api.ts';
import { askedUser } from '$lib/server/asked-user.ts';
import type { RequestEvent } from './$types';

export const GET = api((event: RequestEvent) => {
  const by = askedUser(event);
  return isRefusal(by) ? by : event.locals.app.users.get(by, event.params.id);
});

export const PATCH = api(async (event: RequestEvent) => {
  const by = askedUser(event);
  if (isRefusal(by)) return by;
  const body = await readBody(event.request, rolePatch);
  return isRefusal(body) ? body : event.locals.app.users.giveRole(by, event.params.id, body.role);
});
