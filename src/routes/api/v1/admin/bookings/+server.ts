import { bookingsQuery } from '#domain/reports.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, asManager, readQuery } from '$lib/server/api.ts';

export const GET = api((event) => {
  const by = asManager(event);
  if (isRefusal(by)) return by;
  const query = readQuery(event.url, bookingsQuery);
  return isRefusal(query) ? query : event.locals.app.reports.bookings(by, query);
});
