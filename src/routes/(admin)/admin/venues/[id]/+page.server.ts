import { fail, redirect } from '@sveltejs/kit';
import { isRefusal } from '#domain/refusal.ts';
import { orError } from '$lib/components/or-error.ts';
import { planForm, venueForm, venueValues } from '$lib/desk/venue-form.ts';
import { managing } from '$lib/server/desk';
import { filled, refused, saved, sendBack, sent, versionIn } from '$lib/server/text-forms.ts';
import { timeZones } from '$lib/server/zones.ts';
import type { Actions, PageServerLoad } from './$types';

const PLANS_SHOWN = 100;
const formId = (venue: string) => `venue-${venue}`;
const newPlan = (venue: string) => `plan-of-${venue}`;
const FIRST_HALL = { generate: '120' };

export const load: PageServerLoad = async ({ locals, params }) => {
  const by = managing(locals, params.id);
  const { venues, plans } = locals.app.desk;
  const venue = orError(await venues.get(by, params.id));
  const { items } = await plans.list(by, { venue: venue.id, state: 'published', limit: PLANS_SHOWN });
  return {
    ...{ venue, plans: items, timeZones: timeZones(venue.timeZone) },
    sent: await filled(venueForm, venueValues(venue), formId(venue.id)),
    plan: await filled(planForm, FIRST_HALL, newPlan(venue.id))
  };
};

export const actions: Actions = {
  save: async ({ locals, params, request }) => {
    const by = managing(locals, params.id);
    const { venues } = locals.app.desk;
    orError(await venues.get(by, params.id));
    const { form, body } = await sent(request, venueForm, formId(params.id));
    if (!body) return sendBack(form);
    const venue = await venues.update(by, params.id, { ...body, version: versionIn(form) });
    if (!isRefusal(venue)) return saved(venueForm, venueValues(venue), formId(params.id), 'Saved.');
    return refused(form, venueForm, venue, async () => {
      const now = await venues.get(by, params.id);
      return isRefusal(now) ? now : venueValues(now);
    });
  },

  plan: async ({ locals, params, request }) => {
    const by = managing(locals, params.id);
    orError(await locals.app.desk.venues.get(by, params.id));
    const { form, body } = await sent(request, planForm, newPlan(params.id));
    if (!body) return sendBack(form);
    const plan = await locals.app.desk.plans.create(by, { ...body, venueId: params.id });
    if (isRefusal(plan)) return refused(form, planForm, plan);
    return saved(planForm, FIRST_HALL, newPlan(params.id), `The plan “${plan.name}” is ready.`);
  },

  remove: async ({ locals, params }) => {
    const refusal = await locals.app.desk.venues.remove(managing(locals, params.id), params.id);
    if (!isRefusal(refusal)) redirect(303, '/admin/venues');
    if (refusal.code === 'NOT_FOUND') orError(refusal);
    return fail(refusal.httpStatus, { kept: refusal.message });
  }
};
