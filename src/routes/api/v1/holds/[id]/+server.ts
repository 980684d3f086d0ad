import { holdId, showOfHold } from '#domain/ids.ts';
import { notFound } from '#domain/not-found.ts';
import { isRefusal, type Refusal } from '#domain/refusal.ts';
import type { Hold } from '#domain/protocol.ts';
import { api, asBuyer } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

async function own(event: RequestEvent): Promise<{ hold: Hold; buyer: string } | Refusal> {
  const { id } = event.params;
  if (!holdId.safeParse(id).success) return notFound('hold');
  const buyer = await asBuyer(event, showOfHold(id));
  if (isRefusal(buyer)) return buyer;
  const hold = await event.locals.app.seats.holdById(id, buyer);
  return isRefusal(hold) ? hold : { hold, buyer };
}

export const GET = api(async (event: RequestEvent) => {
  const found = await own(event);
  return isRefusal(found) ? found : { hold: found.hold };
});

/** More time, up to the hold's hard limit. */
export const PATCH = api(async (event: RequestEvent) => {
  const found = await own(event);
  if (isRefusal(found)) return found;
  const hold = await event.locals.app.seats.extend(found.hold.showId, found.buyer);
  return isRefusal(hold) ? hold : { hold };
});

export const DELETE = api(async (event: RequestEvent) => {
  const found = await own(event);
  if (isRefusal(found)) return found;
  const left = await event.locals.app.seats.release(found.hold.showId, found.buyer);
  return isRefusal(left) ? left : null;
});
