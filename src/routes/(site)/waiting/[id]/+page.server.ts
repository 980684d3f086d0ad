import { error, redirect } from '@sveltejs/kit';
import { uuid } from '#domain/ids.ts';
import { isRefusal } from '#domain/refusal.ts';
import { orError } from '$lib/components/or-error.ts';
import { failWith } from '$lib/server/form';
import type { Actions, PageServerLoad } from './$types';

/** Whoever waits, or has the link from the mail: that one may decline without signing in, and no more. */
const readerOf = (locals: App.Locals, url: URL) => ({
  user: locals.identity.user?.id ?? null,
  key: url.searchParams.get('token')
});

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const by = readerOf(locals, url);
  const wish = uuid.safeParse(params.id).success ? await locals.app.waiting.wish(params.id, by) : null;
  if (!wish) {
    if (!by.user) redirect(303, `/sign-in?next=${encodeURIComponent(url.pathname)}`);
    error(404, 'There is no such offer.');
  }
  return { wish, serverTime: Date.now(), wholeMs: locals.app.config.offerTtlMs, token: by.key };
};

export const actions: Actions = {
  decline: async ({ locals, params, url }) => {
    const declined = uuid.safeParse(params.id).success
      ? await locals.app.waiting.decline(params.id, readerOf(locals, url))
      : null;
    if (!declined) error(404, 'There is no such offer.');
    if (isRefusal(declined) && declined.code === 'NOT_FOUND') error(404, declined.message);
    return isRefusal(declined) ? failWith(declined) : { declined: true };
  },

  leave: async ({ locals, params }) => {
    const { user } = locals.identity;
    if (!user) redirect(303, `/sign-in?next=${encodeURIComponent(`/waiting/${params.id}`)}`);
    const wish = uuid.safeParse(params.id).success
      ? await locals.app.waiting.wish(params.id, { user: user.id, key: null })
      : null;
    if (!wish) error(404, 'There is no such wish.');
    // Left already, in another window: that is what was wanted.
    if (wish.state === 'WAITING' || wish.state === 'OFFERED') {
      const left = await locals.app.waiting.leave(user.id, wish.showId);
      if (isRefusal(left) && left.code !== 'NOT_FOUND') orError(left);
    }
    redirect(303, '/bookings');
  }
};
