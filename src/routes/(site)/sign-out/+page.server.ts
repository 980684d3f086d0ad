import { redirect } from '@sveltejs/kit';
import { clearSession } from '$lib/server/cookies.ts';
import type { Actions, PageServerLoad } from './$types';

/** Signing out is a POST; whoever comes by link is sent home. */
export const load: PageServerLoad = () => redirect(303, '/');

export const actions: Actions = {
  default: async (event) => {
    const { app, identity } = event.locals;
    if (identity.sessionToken) await app.accounts.signOut(identity.sessionToken);
    clearSession(event);
    redirect(303, '/');
  }
};
