import { gateSearch } from '#domain/check-in.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, atDoor, readQuery } from '$lib/server/api.ts';

export const GET = api(async (event) => {
  const door = await atDoor(event);
  if (isRefusal(door)) return door;
  const query = readQuery(event.url, gateSearch);
  if (isRefusal(query)) return query;
  const items = await event.locals.app.checkIn.search(door, query.showId, query.q);
  return isRefusal(items) ? items : { items };
});
