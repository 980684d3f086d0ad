import { holdBody } from '#domain/protocol.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, asBuyer, json, readBody, within } from '$lib/server/api.ts';
import { clientNetwork } from '$lib/server/client-address.ts';
import { once } from '$lib/server/once.ts';
import type { RequestEvent } from './$types';

export const POST = api(async (event: RequestEvent) => {
  const body = await readBody(event.request, holdBody);
  if (isRefusal(body)) return body;
  const buyer = await asBuyer(event, event.params.id);
  if (isRefusal(buyer)) return buyer;
  return once(event, 'seats', body, async () => {
    const { seats } = event.locals.app;
    const network = clientNetwork(event);
    const requestId = crypto.randomUUID();
    const hold = body.best
      ? await seats.best(event.params.id, buyer, body.best, requestId, network)
      : await seats.hold(event.params.id, buyer, body.seats ?? [], requestId, body.planId, network);
    if (!isRefusal(hold)) return json({ hold }, 201);
    return hold.code === 'INVALID' && body.best ? within('best', hold) : hold;
  });
});
