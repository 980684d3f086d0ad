import { planChangeBody, planChangeQuery } from '#domain/catalog.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, managing, readBody, readQuery } from '$lib/server/api.ts';
import { once } from '$lib/server/once.ts';
import type { RequestEvent } from './$types';

/** What would be different for the show with another version of its seating plan. */
export const GET = api(async (event: RequestEvent) => {
  const of = managing(event, 'show');
  if (isRefusal(of)) return of;
  const { shows } = event.locals.app.desk;
  const own = await shows.get(of.by, of.id);
  if (isRefusal(own)) return own;
  const query = readQuery(event.url, planChangeQuery);
  return isRefusal(query) ? query : shows.planChange(of.by, of.id, query.plan);
});

export const POST = api(async (event: RequestEvent) => {
  const of = managing(event, 'show');
  if (isRefusal(of)) return of;
  const { shows } = event.locals.app.desk;
  const own = await shows.get(of.by, of.id);
  if (isRefusal(own)) return own;
  const body = await readBody(event.request, planChangeBody);
  if (isRefusal(body)) return body;
  return once(event, 'seats', body, () => shows.changePlan(of.by, of.id, body.planId, body.prices, body.from));
});
