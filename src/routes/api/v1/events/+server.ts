import { eventsQuery } from '#domain/protocol.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, readQuery } from '$lib/server/api.ts';

export const GET = api((event) => {
  const query = readQuery(event.url, eventsQuery);
  return isRefusal(query) ? query : event.locals.app.catalog.events(query);
});
