import { runBody } from '#domain/catalog.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, asManager, json, readBody } from '$lib/server/api.ts';

/** A run of shows at once: every day at every time of day. */
export const POST = api(async (event) => {
  const by = asManager(event);
  if (isRefusal(by)) return by;
  const body = await readBody(event.request, runBody);
  if (isRefusal(body)) return body;
  const shows = await event.locals.app.desk.shows.createRun(by, body);
  return isRefusal(shows) ? shows : json({ items: shows }, 201);
});
