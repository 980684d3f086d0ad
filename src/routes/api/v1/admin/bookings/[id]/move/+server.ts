import { moveBody } from '#domain/move.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, managedBooking, readBody } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

/** Moves a confirmed booking, or some of its seats, to other seats of its show. */
export const POST = api(async (event: RequestEvent) => {
  const known = await managedBooking(event);
  if (isRefusal(known)) return known;
  const { by, id } = known;
  const body = await readBody(event.request, moveBody);
  if (isRefusal(body)) return body;
  return event.locals.app.booking.move(by, id, body, event.request.headers.get('idempotency-key') ?? '');
});
