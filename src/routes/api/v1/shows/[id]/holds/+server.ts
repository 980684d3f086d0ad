import { holdBody } from '#domain/protocol.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, asBuyer, json, readBody } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

export const POST = api(async (event: RequestEvent) => {
  const body = await readBody(event.request, holdBody);
  if (isRefusal(body)) return body;
  const buyer = await asBuyer(event, event.params.id);
  if (isRefusal(buyer)) return buyer;
  const requestId = event.request.headers.get('idempotency-key')?.slice(0, 64) ?? crypto.randomUUID();
  const hold = await event.locals.app.seats.hold(event.params.id, buyer, body.seats, requestId);
  return isRefusal(hold) ? hold : json({ hold }, 201);
});
