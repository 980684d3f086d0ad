import { ownEventsQuery } from '#domain/catalog.ts';
import { manager, searchOf } from '$lib/server/desk';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  const by = manager(locals);
  const query = searchOf(url, ownEventsQuery);
  return { list: await locals.app.desk.events.list(by, query), query };
};
