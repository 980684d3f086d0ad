import { promoQuery } from '#domain/pricing.ts';
import { manager, searchOf } from '$lib/server/desk';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  const by = manager(locals);
  const query = searchOf(url, promoQuery);
  return { list: await locals.app.desk.promoCodes.list(by, query), query };
};
