import { isRefusal } from '#domain/refusal.ts';
import { api, json, managing } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

/** The same message once more, under its id. */
export const POST = api(async (event: RequestEvent) => {
  const of = managing(event, 'webhook');
  if (isRefusal(of)) return of;
  const refusal = await event.locals.app.webhooks.log.replay(of.by, of.id, event.params.delivery);
  return isRefusal(refusal) ? refusal : json({ accepted: true }, 202);
});
