import { isRefusal } from '#domain/refusal.ts';
import { api, asManager, json } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

/** The mail with the tickets once more, to the address that the buyer's account has now. */
export const POST = api(async (event: RequestEvent) => {
  const by = asManager(event);
  if (isRefusal(by)) return by;
  const sent = await event.locals.app.booking.sendAgain(by, event.params.id);
  return isRefusal(sent) ? sent : json(sent, 202);
});
