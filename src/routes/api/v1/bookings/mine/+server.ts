import { pageQuery } from '#domain/protocol.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, readQuery, signedIn } from '$lib/server/api.ts';

export const GET = api((event) => {
  const user = signedIn(event);
  if (isRefusal(user)) return user;
  const page = readQuery(event.url, pageQuery);
  return isRefusal(page) ? page : event.locals.app.booking.mine(user.id, page);
});
