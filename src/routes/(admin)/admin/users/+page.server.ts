import { usersQuery } from '#domain/reports.ts';
import { orError } from '$lib/components/or-error.ts';
import { admin, searchOf } from '$lib/server/desk';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  const by = admin(locals);
  const query = searchOf(url, usersQuery);
  return { ...orError(await locals.app.users.list(by, query)), query };
};
