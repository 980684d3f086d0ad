import { redirect } from '@sveltejs/kit';
import { myBookingsQuery } from '#domain/booking-search.ts';
import { searchOf } from '$lib/server/desk';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  const { user } = locals.identity;
  if (!user) redirect(303, `/sign-in?next=${encodeURIComponent(url.pathname + url.search)}`);
  const query = searchOf(url, myBookingsQuery);
  const { booking, waiting } = locals.app;
  // Waiting lists are what is to come: they stand over the first page alone.
  const first = query.cursor === undefined && query.q === undefined;
  const [page, wishes] = await Promise.all([booking.mine(user.id, query), first ? waiting.mine(user.id) : []]);
  return { ...page, query, wishes };
};
