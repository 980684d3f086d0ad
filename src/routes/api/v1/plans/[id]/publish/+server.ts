import { publishBody } from '#domain/catalog.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, managing, readBody } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

export const POST = api(async (event: RequestEvent) => {
  const of = managing(event, 'seating_plan');
  if (isRefusal(of)) return of;
  const { plans } = event.locals.app.desk;
  const own = await plans.get(of.by, of.id);
  if (isRefusal(own)) return own;
  const body = await readBody(event.request, publishBody);
  return isRefusal(body) ? body : plans.publish(of.by, of.id, body);
});
