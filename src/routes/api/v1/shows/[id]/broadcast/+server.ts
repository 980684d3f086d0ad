import { broadcastBody } from '#domain/protocol.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, json, managed, readBody } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

export const POST = api(async (event: RequestEvent) => {
  const show = await managed(event);
  if (isRefusal(show)) return show;
  const body = await readBody(event.request, broadcastBody);
  if (isRefusal(body)) return body;
  return json({ delivered: await event.locals.app.live.notice(show, body.text, body.level) }, 202);
});
