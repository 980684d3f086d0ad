import { manager } from '$lib/server/desk';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  const by = manager(locals);
  const { reports } = locals.app;
  const [dashboard, today] = await Promise.all([reports.dashboard(by), reports.today(by)]);
  return { ...dashboard, today };
};
