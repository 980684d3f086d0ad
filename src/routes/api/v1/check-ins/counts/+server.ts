import { gateQuery } from '#domain/check-in.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, atDoor, readQuery } from '$lib/server/api.ts';

export const GET = api(async (event) => {
  const door = await atDoor(event);
  if (isRefusal(door)) return door;
  const query = readQuery(event.url, gateQuery);
  return isRefusal(query) ? query : event.locals.app.checkIn.counts(door, query.showId);
});
