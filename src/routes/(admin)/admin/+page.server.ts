import { manager } from '$lib/server/desk';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  manager(locals);
  const { user } = locals.identity;
  if (!user) error(404, 'There is no such page.');
  const [dashboard, shows] = await Promise.all([
    locals.app.reports.dashboard(user),
    locals.app.catalog.organizerShows(user)
  ]);
  return { dashboard, shows };
};
