import * as d from '#domain/messages/compiled/desk.js';
import * as m from '#domain/messages/compiled/desk_catalog.js';
import { fail, redirect } from '@sveltejs/kit';
import { bannerAlt } from '#domain/catalog.ts';
import { isRefusal, type Refusal } from '#domain/refusal.ts';
import { orError } from '$lib/components/or-error.ts';
import { eventForm, eventValues } from '$lib/desk/event-form.ts';
import { managing } from '$lib/server/desk';
import { failWith } from '$lib/server/form.ts';
import { fileIn } from '$lib/server/picture.ts';
import { filled, refused, saved, sendBack, sent, versionIn } from '$lib/server/text-forms.ts';
import type { Actions, PageServerLoad } from './$types';

const formId = (event: string) => `event-${event}`;

export const load: PageServerLoad = async ({ locals, params }) => {
  const event = orError(await locals.app.desk.events.get(managing(locals, params.id), params.id));
  return { event, sent: await filled(eventForm, eventValues(event), formId(event.id)) };
};

function bannerRefused(refusal: Refusal) {
  if (refusal.code === 'NOT_FOUND') orError(refusal);
  const { status, data } = failWith(refusal);
  return fail(status, { banner: { message: data.message, errors: data.errors } });
}

export const actions: Actions = {
  save: async ({ locals, params, request }) => {
    const by = managing(locals, params.id);
    const { events } = locals.app.desk;
    orError(await events.get(by, params.id));
    const { form, body } = await sent(request, eventForm, formId(params.id));
    if (!body) return sendBack(form);
    const event = await events.update(by, params.id, { ...body, version: versionIn(form) });
    if (!isRefusal(event)) return saved(eventForm, eventValues(event), formId(params.id), d.saved());
    return refused(form, eventForm, event, async () => {
      const now = await events.get(by, params.id);
      return isRefusal(now) ? now : eventValues(now);
    });
  },

  banner: async ({ locals, params, request }) => {
    const by = managing(locals, params.id);
    const form = await request.formData();
    const alt = bannerAlt.safeParse(String(form.get('alt') ?? ''));
    if (!alt.success) return fail(422, { banner: { errors: { alt: alt.error.issues[0]?.message ?? 'is not valid' } } });
    const given = { bytes: await fileIn(form.get('file')), alt: alt.data };
    const kept = await locals.app.desk.banners.set(by, params.id, given);
    return isRefusal(kept) ? bannerRefused(kept) : { banner: { done: m.banner_saved() } };
  },

  removeBanner: async ({ locals, params }) => {
    const done = await locals.app.desk.banners.remove(managing(locals, params.id), params.id);
    return isRefusal(done) ? bannerRefused(done) : { banner: { done: m.banner_removed() } };
  },

  remove: async ({ locals, params }) => {
    const gone = await locals.app.desk.events.remove(managing(locals, params.id), params.id);
    if (!isRefusal(gone)) redirect(303, '/admin/events');
    if (gone.code === 'NOT_FOUND') orError(gone);
    return fail(gone.httpStatus, { kept: gone.message });
  }
};
