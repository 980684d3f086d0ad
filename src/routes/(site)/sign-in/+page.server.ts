import { redirect } from '@sveltejs/kit';
import { signInBody } from '#domain/protocol.ts';
import { isRefusal } from '#domain/refusal.ts';
import { ownPath } from '$lib/components/next-path.ts';
import { clientAddress } from '$lib/server/client-address.ts';
import { failWith } from '$lib/server/form';
import { setSession } from '$lib/server/cookies.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }) => {
  const next = ownPath(url.searchParams.get('next'));
  if (locals.identity.user) redirect(303, next);
  return { next, demo: locals.app.config.mode === 'demo' };
};

export const actions: Actions = {
  default: async (event) => {
    const { locals, request, url } = event;
    const form = await request.formData();
    const given = { email: String(form.get('email') ?? ''), password: String(form.get('password') ?? '') };
    const values = { email: given.email };
    const parsed = signInBody.safeParse(given);
    if (!parsed.success) return failWith(parsed.error, values);
    const signedIn = await locals.app.accounts.signIn(
      parsed.data,
      locals.identity.guest ?? locals.identity.buyer,
      clientAddress(event)
    );
    if (isRefusal(signedIn)) return failWith(signedIn, values);
    setSession(event, signedIn);
    redirect(303, ownPath(url.searchParams.get('next')));
  }
};
