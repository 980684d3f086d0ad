import { redirect } from '@sveltejs/kit';
import { isRefusal } from '#domain/refusal.ts';
import type { PageServerLoad } from './$types';

/** Says to whoever was not appointed by anybody what to do about it. */
export const load: PageServerLoad = async ({ locals, url }) => {
  const { checkIn } = locals.app;
  if (!locals.identity.user) redirect(303, `/sign-in?next=${encodeURIComponent(url.pathname)}`);
  const door = await checkIn.doorOf(locals.identity.user);
  return isRefusal(door) ? { shows: [], appointed: false } : { shows: await checkIn.shows(door), appointed: true };
};
