import { uuid } from '#domain/ids.ts';
import { rolePatch } from '#domain/reports.ts';
import { isRefusal, notFound } from '#domain/refusal.ts';
import { api, asManager, readBody } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

/** Accounts are there for admins alone. */
function asked(event: RequestEvent) {
  const by = asManager(event);
  if (isRefusal(by)) return by;
  return by.owner === null && uuid.safeParse(event.params.id).success ? by : notFound('user');
}

export const GET = api((event: RequestEvent) => {
  const by = asked(event);
  return isRefusal(by) ? by : event.locals.app.users.get(by, event.params.id);
});

export const PATCH = api(async (event: RequestEvent) => {
  const by = asked(event);
  if (isRefusal(by)) return by;
  const body = await readBody(event.request, rolePatch);
  return isRefusal(body) ? body : event.locals.app.users.giveRole(by, event.params.id, body.role);
});
