import { redirect } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  const { user } = locals.identity;
  if (!user) redirect(303, `/sign-in?next=${encodeURIComponent(url.pathname)}`);
  const cursor = url.searchParams.get('cursor') ?? undefined;
  const [page, wishes] = await Promise.all([
    locals.app.booking.mine(user.id, { limit: 20, cursor }),
    cursor === undefined ? locals.app.waiting.mine(user.id) : []
  ]);
  return { ...page, wishes, paged: cursor !== undefined };
};
