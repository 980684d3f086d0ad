import { redirect } from '@sveltejs/kit';
import { isRefusal } from '#domain/refusal.ts';
import { confirmEmailForm } from '$lib/forms/account-forms.ts';
import { filled, refused, sendBack, sent } from '$lib/server/text-forms.ts';
import type { Actions, PageServerLoad } from './$types';

const FORM = 'confirm-email';

/** Opening the link changes nothing: programs that look for bad links in mails open them all. */
export const load: PageServerLoad = async ({ url, locals }) => {
  const token = url.searchParams.get('token') ?? '';
  return {
    state: url.searchParams.has('done') ? 'done' : token === '' ? 'broken' : 'open',
    email: locals.identity.user?.email ?? null,
    sent: await filled(confirmEmailForm, { token }, FORM)
  };
};

export const actions: Actions = {
  default: async ({ locals, request }) => {
    const { form, body } = await sent(request, confirmEmailForm, FORM);
    if (!body) return sendBack(form);
    const changed = await locals.app.ownAccount.confirmEmail(body.token);
    if (isRefusal(changed)) return refused(form, confirmEmailForm, changed);
    redirect(303, '/confirm-email?done');
  }
};
