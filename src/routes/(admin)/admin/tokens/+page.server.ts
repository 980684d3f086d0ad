import * as m from '#domain/messages/compiled/desk_links.js';
import { isRefusal } from '#domain/refusal.ts';
import { apiTokenId } from '#domain/api-tokens.ts';
import { tokenForm } from '$lib/desk/token-form.ts';
import { manager } from '$lib/server/desk';
import { failWith } from '$lib/server/form';
import { filled, refused, saved, sendBack, sent } from '$lib/server/text-forms.ts';
import type { Actions, PageServerLoad } from './$types';

const FORM = 'new-token';
const FIRST = { days: '90' };

export const load: PageServerLoad = async ({ locals }) => {
  const by = manager(locals);
  const { tokens } = locals.app.accounts;
  return { tokens: await tokens.list(by), everybody: by.owner === null, sent: await filled(tokenForm, FIRST, FORM) };
};

export const actions: Actions = {
  create: async ({ locals, request }) => {
    const by = manager(locals);
    const { form, body } = await sent(request, tokenForm, FORM);
    if (!body) return sendBack(form);
    const made = await locals.app.accounts.tokens.create(by, body);
    if (isRefusal(made)) return refused(form, tokenForm, made);
    const answer = await saved(tokenForm, FIRST, FORM, m.this_is_token({ name: made.token.name }));
    if (answer.form.message) answer.form.message.secret = made.text;
    return answer;
  },

  revoke: async ({ locals, request }) => {
    const by = manager(locals);
    const id = apiTokenId.safeParse((await request.formData()).get('token'));
    if (!id.success) return failWith(id.error);
    const gone = await locals.app.accounts.tokens.revoke(by, id.data);
    return isRefusal(gone) ? failWith(gone) : { done: m.is_revoked({ name: gone.name }) };
  }
};
