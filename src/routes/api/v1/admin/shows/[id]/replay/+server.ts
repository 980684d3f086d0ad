import { isRefusal } from '#domain/refusal.ts';
import { replayQuery } from '#domain/seat-events.ts';
import { api, managed, readQuery } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

/** A kept map and the entries behind it, for the replay. */
export const GET = api(async (event: RequestEvent) => {
  const of = await managed(event);
  if (isRefusal(of)) return of;
  const query = readQuery(event.url, replayQuery);
  return isRefusal(query) ? query : event.locals.app.seatLog.replay(of.by, of.id, query);
});
