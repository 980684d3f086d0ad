import { redirect } from '@sveltejs/kit';
import { isRefusal } from '#domain/refusal.ts';
import { newPasswordForm } from '$lib/forms/account-forms.ts';
import { clearSession } from '$lib/server/cookies.ts';
import { filled, refused, sendBack, sent } from '$lib/server/text-forms.ts';
import type { Actions, PageServerLoad } from './$types';

const FORM = 'reset-password';

export const load: PageServerLoad = async ({ url }) => {
  const token = url.searchParams.get('token') ?? '';
  return { isLink: token !== '', sent: await filled(newPasswordForm, { token }, FORM) };
};

export const actions: Actions = {
  default: async (event) => {
    const { form, body } = await sent(event.request, newPasswordForm, FORM);
    if (!body) return sendBack(form);
    const refusal = await event.locals.app.ownAccount.resetPassword(body.token, body.password);
    if (isRefusal(refusal)) return refused(form, newPasswordForm, refusal);
    // Everybody was signed out of the account, this browser too.
    clearSession(event);
    redirect(303, '/sign-in?note=password');
  }
};
