import { notFound } from '#domain/not-found.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, managing } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

/** Who holds, books or has blocked the seat, for those who run the show. */
export const GET = api((event: RequestEvent) => {
  const of = managing(event, 'show');
  if (isRefusal(of)) return of;
  const { seat } = event.params;
  return /^\d{1,6}$/.test(seat) ? event.locals.app.control.seat(of.by, of.id, Number(seat)) : notFound('seat');
});
