import { isRefusal } from '#domain/refusal.ts';
import { api, json, managing } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

/** Sends a message that says nothing; what came of it is in the log. */
export const POST = api(async (event: RequestEvent) => {
  const of = managing(event, 'webhook');
  if (isRefusal(of)) return of;
  const sent = await event.locals.app.webhooks.log.test(of.by, of.id);
  return isRefusal(sent) ? sent : json(sent, 202);
});
