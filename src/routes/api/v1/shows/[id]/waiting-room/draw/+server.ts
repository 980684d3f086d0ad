import { catalogId } from '#domain/ids.ts';
import { notFound } from '#domain/not-found.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, json } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

export const GET = api(async (event: RequestEvent) => {
  if (!catalogId.safeParse(event.params.id).success) return notFound('waiting_room');
  const draw = await event.locals.app.waitingRoom.draw(event.params.id);
  if (isRefusal(draw)) return draw;
  // Anybody may check it, from anywhere. Once the seed is out nothing of it changes any more.
  const keep = draw.seed === null ? 'no-store' : 'public, max-age=3600';
  return json(draw, 200, { 'access-control-allow-origin': '*', 'cache-control': keep });
});
