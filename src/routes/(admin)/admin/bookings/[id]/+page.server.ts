import { error } from '@sveltejs/kit';
import { uuid } from '#domain/ids.ts';
import { orError } from '$lib/components/or-error.ts';
import { manager } from '$lib/server/desk';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
  const by = manager(locals);
  if (!uuid.safeParse(params.id).success) error(404, 'There is no such page.');
  return { booking: orError(await locals.app.reports.booking(by, params.id)) };
};
