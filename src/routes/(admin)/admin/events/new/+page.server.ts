import { redirect } from '@sveltejs/kit';
import { eventBody } from '#domain/catalog.ts';
import { isRefusal } from '#domain/refusal.ts';
import { orError } from '$lib/components/or-error.ts';
import { eventIn } from '$lib/desk/event-form.ts';
import { EVENT_LABELS, eventValues } from '$lib/desk/values.ts';
import { failForm, manager, managing, typed } from '$lib/server/desk';
import type { Actions, PageServerLoad } from './$types';

/** With `?copy=<id>` the form starts as a duplicate; nothing is made until it is saved. */
export const load: PageServerLoad = async ({ locals, url }) => {
  manager(locals);
  const copy = url.searchParams.get('copy');
  if (!copy) return { values: {} };
  return { values: eventValues(orError(await locals.app.desk.events.get(managing(locals, copy), copy))) };
};

export const actions: Actions = {
  default: async ({ locals, request }) => {
    const by = manager(locals);
    const values = typed(await request.formData());
    const parsed = eventBody.safeParse(eventIn(values));
    if (!parsed.success) return failForm(parsed.error, values, EVENT_LABELS);
    const event = await locals.app.desk.events.create(by, parsed.data);
    if (isRefusal(event)) return failForm(event, values, EVENT_LABELS);
    redirect(303, `/admin/events/${event.id}`);
  }
};
