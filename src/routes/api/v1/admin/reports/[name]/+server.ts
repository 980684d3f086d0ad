import { reportName, reportQuery } from '#domain/reports.ts';
import { notFound } from '#domain/not-found.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, asManager, readQuery } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

export const GET = api((event: RequestEvent) => {
  const by = asManager(event);
  if (isRefusal(by)) return by;
  const name = reportName.safeParse(event.params.name);
  if (!name.success) return notFound('report');
  const query = readQuery(event.url, reportQuery);
  return isRefusal(query) ? query : event.locals.app.reports.report(by, name.data, query);
});
