import { fail, redirect } from '@sveltejs/kit';
import { isRefusal } from '#domain/refusal.ts';
import { orError } from '$lib/components/or-error.ts';
import { eventForm, eventValues } from '$lib/desk/event-form.ts';
import { managing } from '$lib/server/desk';
import { filled, refused, saved, sendBack, sent, versionIn } from '$lib/server/text-forms.ts';
import type { Actions, PageServerLoad } from './$types';

const formId = (event: string) => `event-${event}`;

export const load: PageServerLoad = async ({ locals, params }) => {
  const event = orError(await locals.app.desk.events.get(managing(locals, params.id), params.id));
  return { event, sent: await filled(eventForm, eventValues(event), formId(event.id)) };
};

export const actions: Actions = {
  save: async ({ locals, params, request }) => {
    const by = managing(locals, params.id);
    const { events } = locals.app.desk;
    orError(await events.get(by, params.id));
    const { form, body } = await sent(request, eventForm, formId(params.id));
    if (!body) return sendBack(form);
    const event = await events.update(by, params.id, { ...body, version: versionIn(form) });
    if (!isRefusal(event)) return saved(eventForm, eventValues(event), formId(params.id), 'Saved.');
    return refused(form, eventForm, event, async () => {
      const now = await events.get(by, params.id);
      return isRefusal(now) ? now : eventValues(now);
    });
  },

  remove: async ({ locals, params }) => {
    const gone = await locals.app.desk.events.remove(managing(locals, params.id), params.id);
    if (!isRefusal(gone)) redirect(303, '/admin/events');
    if (gone.code === 'NOT_FOUND') orError(gone);
    return fail(gone.httpStatus, { kept: gone.message });
  }
};
