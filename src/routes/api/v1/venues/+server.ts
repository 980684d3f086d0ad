import { venueBody, venuesQuery } from '#domain/catalog.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, asManager, json, readBody, readQuery } from '$lib/server/api.ts';

export const GET = api((event) => {
  const by = asManager(event);
  if (isRefusal(by)) return by;
  const query = readQuery(event.url, venuesQuery);
  return isRefusal(query) ? query : event.locals.app.desk.venues.list(by, query);
});

export const POST = api(async (event) => {
  const by = asManager(event);
  if (isRefusal(by)) return by;
  const body = await readBody(event.request, venueBody);
  if (isRefusal(body)) return body;
  const venue = await event.locals.app.desk.venues.create(by, body);
  return isRefusal(venue) ? venue : json(venue, 201);
});
