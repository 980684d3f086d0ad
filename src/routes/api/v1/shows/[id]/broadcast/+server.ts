import { broadcastBody } from '#domain/protocol.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, json, managed, readBody } from '$lib/server/api.ts';
import { once } from '$lib/server/once.ts';
import type { RequestEvent } from './$types';

export const POST = api(async (event: RequestEvent) => {
  const of = await managed(event);
  if (isRefusal(of)) return of;
  const body = await readBody(event.request, broadcastBody);
  if (isRefusal(body)) return body;
  return once(event, 'seats', body, async () => {
    const done = await event.locals.app.control.notice(of.by, of.id, body);
    return isRefusal(done) ? done : json(done, 202);
  });
});
