import { blockBody, unblockBody } from '#domain/control.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, json, managed, readBody } from '$lib/server/api.ts';
import { once } from '$lib/server/once.ts';
import type { RequestEvent } from './$types';

/** Takes seats off sale, all or none. */
export const POST = api(async (event: RequestEvent) => {
  const of = await managed(event);
  if (isRefusal(of)) return of;
  const body = await readBody(event.request, blockBody);
  if (isRefusal(body)) return body;
  return once(event, 'seats', body, async () => {
    const done = await event.locals.app.control.block(of.by, of.id, body);
    return isRefusal(done) ? done : json(done, 202);
  });
});

export const DELETE = api(async (event: RequestEvent) => {
  const of = await managed(event);
  if (isRefusal(of)) return of;
  const body = await readBody(event.request, unblockBody);
  return isRefusal(body) ? body : event.locals.app.control.unblock(of.by, of.id, body.seats);
});
