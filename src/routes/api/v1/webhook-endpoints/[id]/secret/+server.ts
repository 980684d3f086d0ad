import { isRefusal } from '#domain/refusal.ts';
import { api, managing } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

/** Another secret, in this answer and nowhere else; the one before is good for a day more. */
export const POST = api(async (event: RequestEvent) => {
  const of = managing(event, 'webhook');
  if (isRefusal(of)) return of;
  const made = await event.locals.app.webhooks.endpoints.rotate(of.by, of.id);
  return isRefusal(made) ? made : { ...made.endpoint, secret: made.secret };
});
