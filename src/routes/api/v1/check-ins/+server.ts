import { checkInBody } from '#domain/check-in.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, atDoor, readBody } from '$lib/server/api.ts';

export const POST = api(async (event) => {
  const door = await atDoor(event);
  if (isRefusal(door)) return door;
  const body = await readBody(event.request, checkInBody);
  return isRefusal(body) ? body : event.locals.app.checkIn.admit(door, body);
});
