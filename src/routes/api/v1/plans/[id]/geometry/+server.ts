import { isRefusal } from '#domain/refusal.ts';
import { api, managing } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

/** A published plan, for the desk; customers get that of a show. */
export const GET = api(async (event: RequestEvent) => {
  const of = managing(event, 'seating_plan');
  if (isRefusal(of)) return of;
  const text = await event.locals.app.desk.plans.geometry(of.by, of.id);
  if (isRefusal(text)) return text;
  return new Response(text, { headers: { 'content-type': 'application/json', 'cache-control': 'no-store' } });
});
