import { redirect } from '@sveltejs/kit';
import { eventPatch } from '#domain/catalog.ts';
import { isRefusal } from '#domain/refusal.ts';
import { orError } from '$lib/components/or-error.ts';
import { eventIn } from '$lib/desk/event-form.ts';
import { EVENT_LABELS, eventValues } from '$lib/desk/values.ts';
import { failForm, managing, typed, versionIn } from '$lib/server/desk';
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

  remove: async ({ locals, params }) => {
    const gone = await locals.app.desk.events.remove(managing(locals, params.id), params.id);
    if (isRefusal(gone)) return failForm(gone, {}, {});
    redirect(303, '/admin/events');
  }
};
