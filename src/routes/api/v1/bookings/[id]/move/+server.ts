import { ownMoveBody } from '#domain/move.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, ownBooking, readBody } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

/** Moves the user's booking to other seats; dearer ones wait until the difference is paid. */
export const POST = api(async (event: RequestEvent) => {
  const own = await ownBooking(event);
  if (isRefusal(own)) return own;
  const body = await readBody(event.request, ownMoveBody);
  if (isRefusal(body)) return body;
  const key = event.request.headers.get('idempotency-key') ?? '';
  return event.locals.app.booking.moveOwn(own.user.id, own.id, body, key);
});

/** Gives up what waits for its payment. */
export const DELETE = api(async (event: RequestEvent) => {
  const own = await ownBooking(event);
  if (isRefusal(own)) return own;
  const booking = await event.locals.app.booking.giveUpMove(own.user.id, own.id);
  return isRefusal(booking) ? booking : { booking };
});
