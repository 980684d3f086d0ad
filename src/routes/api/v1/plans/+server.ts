import { planBody, plansQuery } from '#domain/catalog.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, asManager, json, readBody, readQuery } from '$lib/server/api.ts';

export const GET = api((event) => {
  const by = asManager(event);
  if (isRefusal(by)) return by;
  const query = readQuery(event.url, plansQuery);
  return isRefusal(query) ? query : event.locals.app.desk.plans.list(by, query);
});

export const POST = api(async (event) => {
  const by = asManager(event);
  if (isRefusal(by)) return by;
  const body = await readBody(event.request, planBody);
  if (isRefusal(body)) return body;
  const plan = await event.locals.app.desk.plans.create(by, body);
  return isRefusal(plan) ? plan : json(plan, 201);
});
