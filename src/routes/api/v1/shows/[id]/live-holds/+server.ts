import { liveHoldsQuery } from '#domain/control.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, managing, readQuery } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

export const GET = api((event: RequestEvent) => {
  const of = managing(event, 'show');
  if (isRefusal(of)) return of;
  const query = readQuery(event.url, liveHoldsQuery);
  return isRefusal(query) ? query : event.locals.app.control.holds(of.by, of.id, query);
});
