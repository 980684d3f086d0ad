import { link_on_way } from '#domain/messages/compiled/account.js';
import { isRefusal } from '#domain/refusal.ts';
import { forgottenForm } from '$lib/forms/account-forms.ts';
import { clientAddress } from '$lib/server/client-address.ts';
import { filled, refused, saved, sendBack, sent } from '$lib/server/text-forms.ts';
import type { Actions, PageServerLoad } from './$types';

const FORM = 'forgot-password';

export const load: PageServerLoad = async () => ({ sent: await filled(forgottenForm, {}, FORM) });

export const actions: Actions = {
  default: async (event) => {
    const { form, body } = await sent(event.request, forgottenForm, FORM);
    if (!body) return sendBack(form);
    const refusal = await event.locals.app.ownAccount.forgot(body.email, clientAddress(event));
    if (isRefusal(refusal)) return refused(form, forgottenForm, refusal);
    // The same words whether there is such an account: who has one is nobody else's business.
    return saved(forgottenForm, { email: body.email }, FORM, link_on_way({ email: body.email }));
  }
};
