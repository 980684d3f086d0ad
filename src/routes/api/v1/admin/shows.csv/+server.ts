import { isRefusal } from '#domain/refusal.ts';
import { api, asManager } from '$lib/server/api.ts';
import { csvFile } from '$lib/server/csv.ts';

export const GET = api((event) => {
  const by = asManager(event);
  if (isRefusal(by)) return by;
  return csvFile('shows', event.url, (options) => event.locals.app.reports.exports.shows(by, options));
});
