import { eventPatch } from '#domain/catalog.ts';
import { notFound } from '#domain/not-found.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, managing, readBody } from '$lib/server/api.ts';
import { keptJson } from '$lib/server/kept.ts';
import type { RequestEvent } from './$types';

export const GET = api(async ({ locals, params, request }: RequestEvent) => {
  const found = await locals.app.catalog.event(params.id);
  return found ? keptJson(request, found) : notFound('event');
});

export const PATCH = api(async (event: RequestEvent) => {
  const of = managing(event, 'event');
  if (isRefusal(of)) return of;
  const patch = await readBody(event.request, eventPatch);
  return isRefusal(patch) ? patch : event.locals.app.desk.events.update(of.by, of.id, patch);
});

export const DELETE = api(async (event: RequestEvent) => {
  const of = managing(event, 'event');
  if (isRefusal(of)) return of;
  const gone = await event.locals.app.desk.events.remove(of.by, of.id);
  return isRefusal(gone) ? gone : null;
});
