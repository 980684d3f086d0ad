import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
  const event = await locals.app.catalog.event(params.slug);
  if (!event) error(404, 'There is no such event.');
  return { event };
};
