import { redirect } from '@sveltejs/kit';
import { myBookingsQuery } from '#domain/booking-search.ts';
import { searchOf } from '$lib/server/desk';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  const { user } = locals.identity;
  if (!user) redirect(303, `/sign-in?next=${encodeURIComponent(url.pathname + url.search)}`);
  const query = searchOf(url, myBookingsQuery);
  return { ...(await locals.app.booking.mine(user.id, query)), query };
};
