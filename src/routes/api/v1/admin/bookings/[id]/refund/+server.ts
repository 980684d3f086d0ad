import { uuid } from '#domain/ids.ts';
import { refundBody } from '#domain/refunds.ts';
import { isRefusal, notFound } from '#domain/refusal.ts';
import { api, asManager, readBody } from '$lib/server/api.ts';
import { idempotencyKey, once } from '$lib/server/once.ts';
import type { RequestEvent } from './$types';

/** Gives back a booking, or some of its seats. */
export const POST = api(async (event: RequestEvent) => {
  const by = asManager(event);
  if (isRefusal(by)) return by;
  const { booking } = event.locals.app;
  // What is not theirs is no booking, whatever the body says.
  const known = uuid.safeParse(event.params.id).success
    ? await booking.refundsOf(by, event.params.id)
    : notFound('booking');
  if (isRefusal(known)) return known;
  const body = await readBody(event.request, refundBody);
  if (isRefusal(body)) return body;
  const request = idempotencyKey(event);
  if (isRefusal(request)) return request;
  return once(event, 'money', body, () => booking.refund(by, event.params.id, body, request));
});
