import { isRefusal } from '#domain/refusal.ts';
import { api, managing } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

export const GET = api(async (event: RequestEvent) => {
  const of = managing(event, 'seating_plan');
  if (isRefusal(of)) return of;
  const items = await event.locals.app.desk.plans.versions(of.by, of.id);
  return isRefusal(items) ? items : { items };
});
