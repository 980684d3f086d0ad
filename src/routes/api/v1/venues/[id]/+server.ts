import { venuePatch } from '#domain/catalog.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, managing, readBody } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

export const GET = api((event: RequestEvent) => {
  const of = managing(event, 'venue');
  return isRefusal(of) ? of : event.locals.app.desk.venues.get(of.by, of.id);
});

export const PATCH = api(async (event: RequestEvent) => {
  const of = managing(event, 'venue');
  if (isRefusal(of)) return of;
  const patch = await readBody(event.request, venuePatch);
  return isRefusal(patch) ? patch : event.locals.app.desk.venues.update(of.by, of.id, patch);
});

export const DELETE = api((event: RequestEvent) => {
  const of = managing(event, 'venue');
  return isRefusal(of) ? of : event.locals.app.desk.venues.remove(of.by, of.id);
});
