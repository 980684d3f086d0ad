import { redirect } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  const { user } = locals.identity;
  if (!user) redirect(303, `/sign-in?next=${encodeURIComponent(url.pathname)}`);
  const cursor = url.searchParams.get('cursor') ?? undefined;
  return { ...(await locals.app.booking.mine(user.id, { limit: 20, cursor })), paged: cursor !== undefined };
};
