import { manager } from '$lib/server/desk';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals }) => {
  return { isAdmin: manager(locals).owner === null };
};
