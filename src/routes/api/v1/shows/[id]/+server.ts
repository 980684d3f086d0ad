import { showPatch } from '#domain/catalog.ts';
import { notFound } from '#domain/not-found.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, managing, readBody } from '$lib/server/api.ts';
import { keptJson } from '$lib/server/kept.ts';
import type { RequestEvent } from './$types';

export const GET = api(async ({ locals, params, request }: RequestEvent) => {
  const show = await locals.app.catalog.show(params.id);
  return show ? keptJson(request, show) : notFound('show');
});

export const PATCH = api(async (event: RequestEvent) => {
  const of = managing(event, 'show');
  if (isRefusal(of)) return of;
  const patch = await readBody(event.request, showPatch);
  return isRefusal(patch) ? patch : event.locals.app.desk.shows.update(of.by, of.id, patch);
});

export const DELETE = api((event: RequestEvent) => {
  const of = managing(event, 'show');
  return isRefusal(of) ? of : event.locals.app.desk.shows.remove(of.by, of.id);
});
