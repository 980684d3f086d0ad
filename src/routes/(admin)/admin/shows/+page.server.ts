import { showsQuery } from '#domain/catalog.ts';
import { isRefusal } from '#domain/refusal.ts';
import { manager, searchOf } from '$lib/server/desk';
import type { PageServerLoad } from './$types';

/** Offered to browsers without JavaScript; the others ask for what is typed. */
const VENUES_OFFERED = 100;

export const load: PageServerLoad = async ({ locals, url }) => {
  const by = manager(locals);
  const query = searchOf(url, showsQuery);
  const { shows, venues } = locals.app.desk;
  const [list, places, chosen] = await Promise.all([
    shows.list(by, query),
    venues.list(by, { sort: 'name', limit: VENUES_OFFERED }),
    query.venue === undefined ? null : venues.get(by, query.venue)
  ]);
  return { list, query, venues: places.items, venue: isRefusal(chosen) ? null : chosen };
};
