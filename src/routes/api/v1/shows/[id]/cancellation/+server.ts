import { notFound } from '#domain/not-found.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, managing } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

/** How far refunding a cancelled show has come. */
export const GET = api(async (event: RequestEvent) => {
  const of = managing(event, 'show');
  if (isRefusal(of)) return of;
  return (await event.locals.app.booking.cancellation(of.by, of.id)) ?? notFound('cancellation_of_this_show');
});
