import { redirect } from '@sveltejs/kit';
import { planBody, venuePatch } from '#domain/catalog.ts';
import { isRefusal, refuse } from '#domain/refusal.ts';
import { orError } from '$lib/components/or-error.ts';
import { VENUE_LABELS, venueValues } from '$lib/desk/values.ts';
import { failForm, managing, typed, versionIn } from '$lib/server/desk';
import { timeZones } from '$lib/server/zones.ts';
import type { Actions, PageServerLoad } from './$types';

const PLANS_SHOWN = 100;

export const load: PageServerLoad = async ({ locals, params }) => {
  const by = managing(locals, params.id);
  const { venues, plans } = locals.app.desk;
  const venue = orError(await venues.get(by, params.id));
  const { items } = await plans.list(by, { venue: venue.id, state: 'published', limit: PLANS_SHOWN });
  return { venue, values: venueValues(venue), plans: items, timeZones: timeZones(venue.timeZone) };
};

export const actions: Actions = {
  save: async ({ locals, params, request }) => {
    const by = managing(locals, params.id);
    const { venues } = locals.app.desk;
    const values = typed(await request.formData());
    const parsed = venuePatch.safeParse({ ...values, version: versionIn(values) });
    const now = orError(await venues.get(by, params.id));
    if (!parsed.success) return failForm(parsed.error, values, VENUE_LABELS);
    const saved = await venues.update(by, params.id, parsed.data);
    if (!isRefusal(saved)) return { done: 'Saved.' };
    return failForm(saved, values, VENUE_LABELS, { version: now.version, values: venueValues(now) });
  },

  plan: async ({ locals, params, request }) => {
    const by = managing(locals, params.id);
    const values = typed(await request.formData());
    const labels = { planName: 'Name of the plan', generate: 'Hall' };
    orError(await locals.app.desk.venues.get(by, params.id));
    const parsed = planBody.safeParse({
      ...{ venueId: params.id, name: values['planName'], generate: Number(values['generate']) }
    });
    if (!parsed.success) {
      const errors = parsed.error.issues.map(({ path: [path], message }) => ({
        ...{ path: path === 'name' ? 'planName' : String(path), message }
      }));
      return failForm(refuse('INVALID', 'Please check what is marked below.', { errors }), values, labels);
    }
    const plan = await locals.app.desk.plans.create(by, parsed.data);
    return isRefusal(plan) ? failForm(plan, values, labels) : { done: `The plan “${plan.name}” is ready.` };
  },

  remove: async ({ locals, params }) => {
    const refusal = await locals.app.desk.venues.remove(managing(locals, params.id), params.id);
    if (isRefusal(refusal)) return failForm(refusal, {}, {});
    redirect(303, '/admin/venues');
  }
};
