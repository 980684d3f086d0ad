import { redirect } from '@sveltejs/kit';
import { isRefusal } from '#domain/refusal.ts';
import { orError } from '$lib/components/or-error.ts';
import { venueForm, venueValues } from '$lib/desk/venue-form.ts';
import { manager, managing } from '$lib/server/desk';
import { filled, refused, sendBack, sent } from '$lib/server/text-forms.ts';
import { timeZones } from '$lib/server/zones.ts';
import type { Actions, PageServerLoad } from './$types';

/** With `?copy=<id>` the form starts as a duplicate; nothing is made until it is saved. */
export const load: PageServerLoad = async ({ locals, url }) => {
  manager(locals);
  const copy = url.searchParams.get('copy');
  if (!copy) return { sent: await filled(venueForm, {}, 'new-venue'), timeZones: timeZones() };
  const venue = orError(await locals.app.desk.venues.get(managing(locals, copy), copy));
  return { sent: await filled(venueForm, venueValues(venue), 'new-venue'), timeZones: timeZones(venue.timeZone) };
};

export const actions: Actions = {
  default: async ({ locals, request }) => {
    const by = manager(locals);
    const { form, body } = await sent(request, venueForm, 'new-venue');
    if (!body) return sendBack(form);
    const venue = await locals.app.desk.venues.create(by, body);
    if (isRefusal(venue)) return refused(form, venueForm, venue);
    redirect(303, `/admin/venues/${venue.id}`);
  }
};
