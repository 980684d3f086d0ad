import { isRefusal } from '#domain/refusal.ts';
import { api, managing } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

export const GET = api((event: RequestEvent) => {
  const of = managing(event, 'plan');
  return isRefusal(of) ? of : event.locals.app.desk.plans.get(of.by, of.id);
});
