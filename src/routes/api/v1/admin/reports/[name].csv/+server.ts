import { reportName, reportQuery } from '#domain/reports.ts';
import { notFound } from '#domain/not-found.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, asManager, readQuery } from '$lib/server/api.ts';
import { csvFile } from '$lib/server/csv.ts';
import type { RequestEvent } from './$types';

export const GET = api(async (event: RequestEvent) => {
  const by = asManager(event);
  if (isRefusal(by)) return by;
  const name = reportName.safeParse(event.params.name);
  if (!name.success) return notFound('report');
  const query = readQuery(event.url, reportQuery);
  if (isRefusal(query)) return query;
  const { reports } = event.locals.app;
  const report = await reports.report(by, name.data, query);
  if (isRefusal(report)) return report;
  const file = name.data === 'sales' ? `sales-by-${query.by}` : `report-${name.data}`;
  return csvFile(file, event.url, (options) => reports.exports.report(report, options));
});
