import { holdBody } from '#domain/protocol.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, asBuyer, json, readBody, within } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

export const POST = api(async (event: RequestEvent) => {
  const body = await readBody(event.request, holdBody);
  if (isRefusal(body)) return body;
  const buyer = await asBuyer(event, event.params.id);
  if (isRefusal(buyer)) return buyer;
  const requestId = event.request.headers.get('idempotency-key')?.slice(0, 64) ?? crypto.randomUUID();
  const { seats } = event.locals.app;
  const hold = body.best
    ? await seats.best(event.params.id, buyer, body.best, requestId)
    : await seats.hold(event.params.id, buyer, body.seats ?? [], requestId, body.planId);
  if (!isRefusal(hold)) return json({ hold }, 201);
  return hold.code === 'INVALID' && body.best ? within('best', hold) : hold;
});
