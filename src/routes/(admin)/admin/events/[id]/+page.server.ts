import { redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { bannerAlt, eventPatch } from '#domain/catalog.ts';
import { isRefusal } from '#domain/refusal.ts';
import { orError } from '$lib/components/or-error.ts';
import { eventIn } from '$lib/desk/event-form.ts';
import { BANNER_LABELS, EVENT_LABELS, eventValues } from '$lib/desk/values.ts';
import { failForm, managing, typed, versionIn } from '$lib/server/desk';
import { fileIn } from '$lib/server/picture.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
  const event = orError(await locals.app.desk.events.get(managing(locals, params.id), params.id));
  return { event, values: eventValues(event) };
};

export const actions: Actions = {
  save: async ({ locals, params, request }) => {
    const by = managing(locals, params.id);
    const { events } = locals.app.desk;
    const values = typed(await request.formData());
    const now = orError(await events.get(by, params.id));
    const parsed = eventPatch.safeParse({ ...eventIn(values), version: versionIn(values) });
    if (!parsed.success) return failForm(parsed.error, values, EVENT_LABELS);
    const saved = await events.update(by, params.id, parsed.data);
    if (!isRefusal(saved)) return { done: 'Saved.' };
    return failForm(saved, values, EVENT_LABELS, { version: now.version, values: eventValues(now) });
  },

  banner: async ({ locals, params, request }) => {
    const by = managing(locals, params.id);
    const form = await request.formData();
    const parsed = z.object({ alt: bannerAlt.default('') }).safeParse(typed(form));
    if (!parsed.success) return failForm(parsed.error, typed(form), BANNER_LABELS);
    const given = { bytes: await fileIn(form.get('file')), alt: parsed.data.alt };
    const saved = await locals.app.desk.banners.set(by, params.id, given);
    return isRefusal(saved) ? failForm(saved, typed(form), BANNER_LABELS) : { done: 'The banner is saved.' };
  },

  removeBanner: async ({ locals, params }) => {
    const done = await locals.app.desk.banners.remove(managing(locals, params.id), params.id);
    return isRefusal(done) ? failForm(done, {}, {}) : { done: 'The banner is removed.' };
  },

  remove: async ({ locals, params }) => {
    const gone = await locals.app.desk.events.remove(managing(locals, params.id), params.id);
    if (isRefusal(gone)) return failForm(gone, {}, {});
    redirect(303, '/admin/events');
  }
};
