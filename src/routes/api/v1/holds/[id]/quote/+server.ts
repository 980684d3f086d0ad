import { holdId, showOfHold } from '#domain/ids.ts';
import { quoteQuery } from '#domain/protocol.ts';
import { notFound } from '#domain/not-found.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, asBuyer, readQuery } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

/** What these seats would cost with these ticket types and this code: the same price the checkout asks for. */
export const GET = api(async (event: RequestEvent) => {
  const { id } = event.params;
  if (!holdId.safeParse(id).success) return notFound('hold');
  const buyer = await asBuyer(event, showOfHold(id));
  if (isRefusal(buyer)) return buyer;
  const { app, identity } = event.locals;
  const hold = await app.seats.holdById(id, buyer);
  if (isRefusal(hold)) return hold;
  const query = readQuery(event.url, quoteQuery);
  if (isRefusal(query)) return query;
  const quote = await app.booking.quote(hold, identity.user?.id ?? null, { types: query.types, promoCode: query.code });
  return isRefusal(quote) ? quote : { quote };
});
