import { isRefusal } from '#domain/refusal.ts';
import { api, json, managing } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

export const POST = api(async (event: RequestEvent) => {
  const of = managing(event, 'seating_plan');
  if (isRefusal(of)) return of;
  const made = await event.locals.app.desk.plans.duplicate(of.by, of.id);
  return isRefusal(made) ? made : json(made, 201);
});
