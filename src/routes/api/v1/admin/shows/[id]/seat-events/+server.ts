import { isRefusal } from '#domain/refusal.ts';
import { seatEventsQuery } from '#domain/seat-events.ts';
import { api, managed, readQuery } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

/** What happened to one seat of a show, or to all of them. */
export const GET = api(async (event: RequestEvent) => {
  const of = await managed(event);
  if (isRefusal(of)) return of;
  const query = readQuery(event.url, seatEventsQuery);
  return isRefusal(query) ? query : event.locals.app.seatLog.events(of.by, of.id, query);
});
