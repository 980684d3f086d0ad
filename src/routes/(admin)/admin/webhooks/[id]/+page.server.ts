import * as d from '#domain/messages/compiled/desk.js';
import * as m from '#domain/messages/compiled/desk_links.js';
import { redirect } from '@sveltejs/kit';
import { isRefusal, type Refusal } from '#domain/refusal.ts';
import { deliveriesQuery } from '#domain/webhooks.ts';
import { orError } from '$lib/components/or-error.ts';
import { webhookForm, webhookValues } from '$lib/desk/webhook-form.ts';
import { managing, searchOf } from '$lib/server/desk';
import { failForm } from '$lib/server/small-forms.ts';
import { filled, refused, saved, sendBack, sent, versionIn } from '$lib/server/text-forms.ts';
import type { Actions, PageServerLoad } from './$types';

const formId = (endpoint: string) => `webhook-${endpoint}`;
const orDone = (refusal: Refusal | object | null, done: string) =>
  isRefusal(refusal) ? failForm(refusal, {}, {}) : { done };

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const by = managing(locals, params.id);
  const { endpoints, log } = locals.app.webhooks;
  const endpoint = orError(await endpoints.get(by, params.id));
  const query = searchOf(url, deliveriesQuery);
  const deliveries = orError(await log.list(by, params.id, query));
  return { endpoint, deliveries, query, sent: await filled(webhookForm, webhookValues(endpoint), formId(endpoint.id)) };
};

export const actions: Actions = {
  save: async ({ locals, params, request }) => {
    const by = managing(locals, params.id);
    const { endpoints } = locals.app.webhooks;
    orError(await endpoints.get(by, params.id));
    const { form, body } = await sent(request, webhookForm, formId(params.id));
    if (!body) return sendBack(form);
    const endpoint = await endpoints.update(by, params.id, { ...body, version: versionIn(form) });
    if (!isRefusal(endpoint)) return saved(webhookForm, webhookValues(endpoint), formId(params.id), d.saved());
    return refused(form, webhookForm, endpoint, async () => {
      const now = await endpoints.get(by, params.id);
      return isRefusal(now) ? now : webhookValues(now);
    });
  },

  test: async ({ locals, params }) => {
    const by = managing(locals, params.id);
    const sent = await locals.app.webhooks.log.test(by, params.id);
    return orDone(sent, m.test_sent());
  },

  rotate: async ({ locals, params }) => {
    const by = managing(locals, params.id);
    const made = await locals.app.webhooks.endpoints.rotate(by, params.id);
    if (isRefusal(made)) return failForm(made, {}, {});
    const done = m.new_secret();
    return { done, secret: made.secret };
  },

  replay: async ({ locals, params, request }) => {
    const by = managing(locals, params.id);
    const delivery = String((await request.formData()).get('delivery'));
    const refusal = await locals.app.webhooks.log.replay(by, params.id, delivery);
    return orDone(refusal, m.sent_once_more());
  },

  remove: async ({ locals, params }) => {
    const by = managing(locals, params.id);
    orError(await locals.app.webhooks.endpoints.remove(by, params.id));
    redirect(303, '/admin/webhooks');
  }
};
