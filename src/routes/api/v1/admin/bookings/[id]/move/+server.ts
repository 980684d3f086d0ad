import { uuid } from '#domain/ids.ts';
import { moveBody } from '#domain/move.ts';
import { isRefusal, notFound } from '#domain/refusal.ts';
import { api, asManager, readBody } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

/** Moves a confirmed booking, or some of its seats, to other seats of its show. */
export const POST = api(async (event: RequestEvent) => {
  const by = asManager(event);
  if (isRefusal(by)) return by;
  const { booking } = event.locals.app;
  // What is not theirs is no booking, whatever the body says.
  const known = uuid.safeParse(event.params.id).success
    ? await booking.refundsOf(by, event.params.id)
    : notFound('booking');
  if (isRefusal(known)) return known;
  const body = await readBody(event.request, moveBody);
  if (isRefusal(body)) return body;
  return booking.move(by, event.params.id, body, event.request.headers.get('idempotency-key') ?? '');
});
