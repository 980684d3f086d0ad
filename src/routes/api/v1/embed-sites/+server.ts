import { embedSiteBody } from '#domain/embed.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, asManager, json, readBody } from '$lib/server/api.ts';

export const GET = api(async (event) => {
  const by = asManager(event);
  return isRefusal(by) ? by : { items: await event.locals.app.embed.sites.list(by) };
});

export const POST = api(async (event) => {
  const by = asManager(event);
  if (isRefusal(by)) return by;
  const body = await readBody(event.request, embedSiteBody);
  if (isRefusal(body)) return body;
  const site = await event.locals.app.embed.sites.add(by, body);
  return isRefusal(site) ? site : json(site, 201);
});
