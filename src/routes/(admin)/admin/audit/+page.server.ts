import { auditQuery } from '#domain/reports.ts';
import { manager, searchOf } from '$lib/server/desk';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  const by = manager(locals);
  const query = searchOf(url, auditQuery);
  return { ...(await locals.app.reports.audit(by, query)), query };
};
