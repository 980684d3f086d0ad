import { refundBody } from '#domain/refunds.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, managedBooking, readBody } from '$lib/server/api.ts';
import { idempotencyKey, once } from '$lib/server/once.ts';
import type { RequestEvent } from './$types';

/** Gives back a booking, or some of its seats. */
export const POST = api(async (event: RequestEvent) => {
  const known = await managedBooking(event);
  if (isRefusal(known)) return known;
  const { by, id } = known;
  const body = await readBody(event.request, refundBody);
  if (isRefusal(body)) return body;
  const request = idempotencyKey(event);
  if (isRefusal(request)) return request;
  return once(event, 'money', body, () => event.locals.app.booking.refund(by, id, body, request));
});
