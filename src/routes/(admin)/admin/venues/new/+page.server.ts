import { redirect } from '@sveltejs/kit';
import { venueBody } from '#domain/catalog.ts';
import { isRefusal } from '#domain/refusal.ts';
import { orError } from '$lib/components/or-error.ts';
import { VENUE_LABELS, venueValues } from '$lib/desk/values.ts';
import { failForm, manager, managing, typed } from '$lib/server/desk';
import { timeZones } from '$lib/server/zones.ts';
import type { Actions, PageServerLoad } from './$types';

/** With `?copy=<id>` the form starts as a duplicate; nothing is made until it is saved. */
export const load: PageServerLoad = async ({ locals, url }) => {
  manager(locals);
  const copy = url.searchParams.get('copy');
  if (!copy) return { values: {}, timeZones: timeZones() };
  const venue = orError(await locals.app.desk.venues.get(managing(locals, copy), copy));
  return { values: venueValues(venue), timeZones: timeZones(venue.timeZone) };
};

export const actions: Actions = {
  default: async ({ locals, request }) => {
    const by = manager(locals);
    const values = typed(await request.formData());
    const parsed = venueBody.safeParse(values);
    if (!parsed.success) return failForm(parsed.error, values, VENUE_LABELS);
    const venue = await locals.app.desk.venues.create(by, parsed.data);
    if (isRefusal(venue)) return failForm(venue, values, VENUE_LABELS);
    redirect(303, `/admin/venues/${venue.id}`);
  }
};
