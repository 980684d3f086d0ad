import { myBookingsQuery } from '#domain/booking-search.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, readQuery, signedIn } from '$lib/server/api.ts';

export const GET = api((event) => {
  const user = signedIn(event);
  if (isRefusal(user)) return user;
  const query = readQuery(event.url, myBookingsQuery);
  return isRefusal(query) ? query : event.locals.app.booking.mine(user.id, query);
});
