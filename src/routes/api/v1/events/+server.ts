import { eventBody, ownEventsQuery } from '#domain/catalog.ts';
import { eventsQuery } from '#domain/protocol.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, asManager, json, readBody, readQuery } from '$lib/server/api.ts';
import { keptJson } from '$lib/server/kept.ts';

/** What is on, for anyone; with `mine=true` all that the organizer has, with or without shows. */
export const GET = api(async (event) => {
  const { app } = event.locals;
  if (event.url.searchParams.get('mine') !== 'true') {
    const query = readQuery(event.url, eventsQuery);
    return isRefusal(query) ? query : keptJson(event.request, await app.catalog.events(query));
  }
  const by = asManager(event);
  if (isRefusal(by)) return by;
  const query = readQuery(event.url, ownEventsQuery);
  return isRefusal(query) ? query : app.desk.events.list(by, query);
});

export const POST = api(async (event) => {
  const by = asManager(event);
  if (isRefusal(by)) return by;
  const body = await readBody(event.request, eventBody);
  if (isRefusal(body)) return body;
  const made = await event.locals.app.desk.events.create(by, body);
  return isRefusal(made) ? made : json(made, 201);
});
