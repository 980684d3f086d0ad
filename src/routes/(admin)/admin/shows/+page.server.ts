import { showsQuery } from '#domain/catalog.ts';
import { manager, searchOf } from '$lib/server/desk';
import type { PageServerLoad } from './$types';

const VENUES_OFFERED = 100;

export const load: PageServerLoad = async ({ locals, url }) => {
  const by = manager(locals);
  const query = searchOf(url, showsQuery);
  const { shows, venues } = locals.app.desk;
  const [page, places] = await Promise.all([
    shows.list(by, query),
    venues.list(by, { sort: 'name', limit: VENUES_OFFERED })
  ]);
  return { ...page, query, venues: places.items.map(({ id, name }) => ({ value: id, label: name })) };
};
