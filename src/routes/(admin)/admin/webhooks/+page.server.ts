import * as m from '#domain/messages/compiled/desk_links.js';
import { isRefusal } from '#domain/refusal.ts';
import { newWebhookForm } from '$lib/desk/webhook-form.ts';
import { manager } from '$lib/server/desk';
import { filled, refused, saved, sendBack, sent } from '$lib/server/text-forms.ts';
import type { Actions, PageServerLoad } from './$types';

const FORM = 'new-webhook';
const FIRST = { active: 'on' };

export const load: PageServerLoad = async ({ locals }) => {
  const by = manager(locals);
  const items = await locals.app.webhooks.endpoints.list(by);
  return { items, everybody: by.owner === null, sent: await filled(newWebhookForm, FIRST, FORM) };
};

export const actions: Actions = {
  create: async ({ locals, request }) => {
    const by = manager(locals);
    const { form, body } = await sent(request, newWebhookForm, FORM);
    if (!body) return sendBack(form);
    const made = await locals.app.webhooks.endpoints.create(by, body);
    if (isRefusal(made)) return refused(form, newWebhookForm, made);
    const words = m.webhook_made({ name: made.endpoint.name });
    const answer = await saved(newWebhookForm, FIRST, FORM, words);
    if (answer.form.message) answer.form.message.secret = made.secret;
    return answer;
  }
};
