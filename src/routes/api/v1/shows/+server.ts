import { showBody, showsQuery } from '#domain/catalog.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, asManager, json, readBody, readQuery } from '$lib/server/api.ts';

export const GET = api((event) => {
  const by = asManager(event);
  if (isRefusal(by)) return by;
  const query = readQuery(event.url, showsQuery);
  return isRefusal(query) ? query : event.locals.app.desk.shows.list(by, query);
});

export const POST = api(async (event) => {
  const by = asManager(event);
  if (isRefusal(by)) return by;
  const body = await readBody(event.request, showBody);
  if (isRefusal(body)) return body;
  const show = await event.locals.app.desk.shows.create(by, body);
  return isRefusal(show) ? show : json(show, 201);
});
