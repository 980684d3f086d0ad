import { planPatch } from '#domain/catalog.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, managing, readBody } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

export const GET = api((event: RequestEvent) => {
  const of = managing(event, 'seating_plan');
  return isRefusal(of) ? of : event.locals.app.desk.plans.get(of.by, of.id);
});

export const PATCH = api(async (event: RequestEvent) => {
  const of = managing(event, 'seating_plan');
  if (isRefusal(of)) return of;
  const { plans } = event.locals.app.desk;
  const own = await plans.get(of.by, of.id);
  if (isRefusal(own)) return own;
  const patch = await readBody(event.request, planPatch);
  return isRefusal(patch) ? patch : plans.update(of.by, of.id, patch);
});

export const DELETE = api((event: RequestEvent) => {
  const of = managing(event, 'seating_plan');
  return isRefusal(of) ? of : event.locals.app.desk.plans.remove(of.by, of.id);
});
