import { deliveriesQuery } from '#domain/webhooks.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, managing, readQuery } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

export const GET = api((event: RequestEvent) => {
  const of = managing(event, 'webhook');
  if (isRefusal(of)) return of;
  const query = readQuery(event.url, deliveriesQuery);
  return isRefusal(query) ? query : event.locals.app.webhooks.log.list(of.by, of.id, query);
});
