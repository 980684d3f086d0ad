import { redirect } from '@sveltejs/kit';
import { signUpBody } from '#domain/protocol.ts';
import { isRefusal } from '#domain/refusal.ts';
import { ownPath } from '$lib/components/next-path.ts';
import { failWith } from '$lib/server/form';
import { setSession } from '$lib/server/cookies.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }) => {
  const next = ownPath(url.searchParams.get('next'));
  if (locals.identity.user) redirect(303, next);
  return { next };
};

export const actions: Actions = {
  default: async (event) => {
    const { locals, request, url } = event;
    const form = await request.formData();
    const text = (name: string) => String(form.get(name) ?? '');
    const values = { email: text('email'), name: text('name') };
    const parsed = signUpBody.safeParse({ ...values, password: text('password') });
    if (!parsed.success) return failWith(parsed.error, values);
    const signedIn = await locals.app.accounts.signUp(parsed.data, locals.identity.guest ?? locals.identity.buyer);
    if (isRefusal(signedIn)) return failWith(signedIn, values);
    setSession(event, signedIn);
    redirect(303, ownPath(url.searchParams.get('next')));
  }
};
