import { cancelShowBody } from '#domain/refunds.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, json, managed, managing, readBody } from '$lib/server/api.ts';
import { once } from '$lib/server/once.ts';
import type { RequestEvent } from './$types';

/** The show does not take place: its sale ends now, its bookings are refunded from now on. */
export const POST = api(async (event: RequestEvent) => {
  const of = managing(event, 'show');
  if (isRefusal(of)) return of;
  const own = await managed(event);
  if (isRefusal(own)) return own;
  const body = await readBody(event.request, cancelShowBody);
  if (isRefusal(body)) return body;
  return once(event, 'money', body, async () => {
    const done = await event.locals.app.booking.cancelShow(of.by, of.id, body.reason);
    return isRefusal(done) ? done : json(done, 202);
  });
});
