import { checkInBody } from '#domain/check-in.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, atDoor, readBody } from '$lib/server/api.ts';
import { once } from '$lib/server/once.ts';

export const POST = api(async (event) => {
  const door = await atDoor(event);
  if (isRefusal(door)) return door;
  const body = await readBody(event.request, checkInBody);
  if (isRefusal(body)) return body;
  return once(event, 'seats', body, () => event.locals.app.checkIn.admit(door, body));
});
