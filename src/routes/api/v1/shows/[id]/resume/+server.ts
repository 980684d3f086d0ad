import { isRefusal } from '#domain/refusal.ts';
import { api, json, managed } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

export const POST = api(async (event: RequestEvent) => {
  const of = await managed(event);
  if (isRefusal(of)) return of;
  const done = await event.locals.app.control.setSale(of.by, of.id, 'open');
  return isRefusal(done) ? done : json(done, 202);
});
