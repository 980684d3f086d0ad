import { promoPatch } from '#domain/pricing.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, managing, readBody } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

export const GET = api((event: RequestEvent) => {
  const of = managing(event, 'promo_code');
  return isRefusal(of) ? of : event.locals.app.desk.promoCodes.get(of.by, of.id);
});

/** `{active: false}` takes the code back; bookings that were made with it keep their price. */
export const PATCH = api(async (event: RequestEvent) => {
  const of = managing(event, 'promo_code');
  if (isRefusal(of)) return of;
  const { promoCodes } = event.locals.app.desk;
  const own = await promoCodes.get(of.by, of.id);
  if (isRefusal(own)) return own;
  const patch = await readBody(event.request, promoPatch);
  return isRefusal(patch) ? patch : promoCodes.update(of.by, of.id, patch);
});
