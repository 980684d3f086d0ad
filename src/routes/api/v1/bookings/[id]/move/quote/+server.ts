import { moveQuoteBody } from '#domain/move.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, ownBooking, readBody } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

export const POST = api(async (event: RequestEvent) => {
  const own = await ownBooking(event);
  if (isRefusal(own)) return own;
  const body = await readBody(event.request, moveQuoteBody);
  if (isRefusal(body)) return body;
  const quote = await event.locals.app.booking.quoteMove(own.user.id, own.id, body);
  return isRefusal(quote) ? quote : { quote };
});
