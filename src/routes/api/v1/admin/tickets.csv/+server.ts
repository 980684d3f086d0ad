import { bookingsQuery } from '#domain/reports.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, asManager, readQuery } from '$lib/server/api.ts';
import { csvFile } from '$lib/server/csv.ts';

export const GET = api((event) => {
  const by = asManager(event);
  if (isRefusal(by)) return by;
  const query = readQuery(event.url, bookingsQuery);
  if (isRefusal(query)) return query;
  return csvFile('tickets', event.url, (options) => event.locals.app.reports.exports.tickets(by, query, options));
});
