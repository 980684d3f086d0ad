import { promoBody, promoQuery } from '#domain/pricing.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, asManager, json, readBody, readQuery } from '$lib/server/api.ts';

export const GET = api((event) => {
  const by = asManager(event);
  if (isRefusal(by)) return by;
  const query = readQuery(event.url, promoQuery);
  return isRefusal(query) ? query : event.locals.app.desk.promoCodes.list(by, query);
});

export const POST = api(async (event) => {
  const by = asManager(event);
  if (isRefusal(by)) return by;
  const body = await readBody(event.request, promoBody);
  if (isRefusal(body)) return body;
  const promo = await event.locals.app.desk.promoCodes.create(by, body);
  return isRefusal(promo) ? promo : json(promo, 201);
});
