import { isRefusal } from '#domain/refusal.ts';
import { api, json, managed } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

export const POST = api(async (event: RequestEvent) => {
  const of = await managed(event);
  if (isRefusal(of)) return of;
  const room = await event.locals.app.waitingRoom.pause(of.by, of.id, true);
  return isRefusal(room) ? room : json(room, 202);
});
