import { error } from '@sveltejs/kit';
import type { LayoutServerLoad } from './$types';

/** Whoever has no business here learns nothing: not even that there is such a page. */
export const load: LayoutServerLoad = ({ locals }) => {
  const role = locals.identity.user?.role;
  if (role !== 'organizer' && role !== 'admin') error(404, 'There is no such page.');
};
