import { webhookPatch } from '#domain/webhooks.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, managing, readBody } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

export const GET = api((event: RequestEvent) => {
  const of = managing(event, 'webhook');
  return isRefusal(of) ? of : event.locals.app.webhooks.endpoints.get(of.by, of.id);
});

export const PATCH = api(async (event: RequestEvent) => {
  const of = managing(event, 'webhook');
  if (isRefusal(of)) return of;
  const { endpoints } = event.locals.app.webhooks;
  const own = await endpoints.get(of.by, of.id);
  if (isRefusal(own)) return own;
  const patch = await readBody(event.request, webhookPatch);
  return isRefusal(patch) ? patch : endpoints.update(of.by, of.id, patch);
});

export const DELETE = api((event: RequestEvent) => {
  const of = managing(event, 'webhook');
  return isRefusal(of) ? of : event.locals.app.webhooks.endpoints.remove(of.by, of.id);
});
