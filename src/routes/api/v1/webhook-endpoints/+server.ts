import { webhookBody } from '#domain/webhooks.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, asManager, json, readBody } from '$lib/server/api.ts';

export const GET = api(async (event) => {
  const by = asManager(event);
  return isRefusal(by) ? by : { items: await event.locals.app.webhooks.endpoints.list(by) };
});

/** `secret` is in this answer and nowhere else. */
export const POST = api(async (event) => {
  const by = asManager(event);
  if (isRefusal(by)) return by;
  const body = await readBody(event.request, webhookBody);
  if (isRefusal(body)) return body;
  const made = await event.locals.app.webhooks.endpoints.create(by, body);
  return isRefusal(made) ? made : json({ ...made.endpoint, secret: made.secret }, 201);
});
