import { redirect } from '@sveltejs/kit';
import { isRefusal } from '#domain/refusal.ts';
import { orError } from '$lib/components/or-error.ts';
import { eventForm, eventValues } from '$lib/desk/event-form.ts';
import { manager, managing } from '$lib/server/desk';
import { filled, refused, sendBack, sent } from '$lib/server/text-forms.ts';
import type { Actions, PageServerLoad } from './$types';

/** With `?copy=<id>` the form starts as a duplicate; nothing is made until it is saved. */
export const load: PageServerLoad = async ({ locals, url }) => {
  manager(locals);
  const copy = url.searchParams.get('copy');
  const model = copy ? orError(await locals.app.desk.events.get(managing(locals, copy), copy)) : null;
  return { sent: await filled(eventForm, model ? eventValues(model) : {}, 'new-event') };
};

export const actions: Actions = {
  default: async ({ locals, request }) => {
    const by = manager(locals);
    const { form, body } = await sent(request, eventForm, 'new-event');
    if (!body) return sendBack(form);
    const event = await locals.app.desk.events.create(by, body);
    if (isRefusal(event)) return refused(form, eventForm, event);
    redirect(303, `/admin/events/${event.id}`);
  }
};
