import * as d from '#domain/messages/compiled/desk.js';
import * as m from '#domain/messages/compiled/desk_catalog.js';
import { fail, redirect } from '@sveltejs/kit';
import { planPatch, venuePatch } from '#domain/catalog.ts';
import { isRefusal } from '#domain/refusal.ts';
import { orError } from '$lib/components/or-error.ts';
import { planForm, venueForm, venueValues } from '$lib/desk/venue-form.ts';
import { managing } from '$lib/server/desk';
import { failForm, typed } from '$lib/server/small-forms.ts';
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
  const { items } = await plans.list(by, { venue: venue.id, state: 'all', limit: PLANS_SHOWN });
  const onSale = new Set(items.flatMap(({ series, published }) => (published ? [series] : [])));
  return {
    ...{ venue, plans: items.filter(({ series, published }) => published || !onSale.has(series)) },
    timeZones: timeZones(venue.timeZone),
    sent: await filled(venueForm, venueValues(venue), formId(venue.id)),
    plan: await filled(planForm, FIRST_HALL, newPlan(venue.id))
  };
};

/** The small forms of the page share its answer; each says which one it belongs to. */
function not(of: 'rooms' | 'plans', failure: ReturnType<typeof failForm>) {
  return fail(failure.status, { ...failure.data, of });
}

export const actions: Actions = {
  save: async ({ locals, params, request }) => {
    const by = managing(locals, params.id);
    const { venues } = locals.app.desk;
    orError(await venues.get(by, params.id));
    const { form, body } = await sent(request, venueForm, formId(params.id));
    if (!body) return sendBack(form);
    const venue = await venues.update(by, params.id, { ...body, version: versionIn(form) });
    if (!isRefusal(venue)) return saved(venueForm, venueValues(venue), formId(params.id), d.saved());
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
    return saved(planForm, FIRST_HALL, newPlan(params.id), m.plan_ready({ name: plan.name }));
  },

  renameRoom: async ({ locals, params, request }) => {
    const by = managing(locals, params.id);
    const { venues } = locals.app.desk;
    const now = orError(await venues.get(by, params.id));
    const values = typed(await request.formData());
    const { from = '', to = '' } = values;
    const patch = venuePatch.safeParse({ renameRoom: { from, to }, version: Number(values['version']) || 1 });
    if (!patch.success) return not('rooms', failForm(patch.error, values, {}));
    const renamed = await venues.update(by, params.id, patch.data);
    if (!isRefusal(renamed)) return { of: 'rooms' as const, done: m.room_renamed({ from, to: to.trim() }) };
    return not('rooms', failForm(renamed, values, {}, { version: now.version, values: {} }));
  },

  room: async ({ locals, params, request }) => {
    const by = managing(locals, params.id);
    orError(await locals.app.desk.venues.get(by, params.id));
    const values = typed(await request.formData());
    const { plans } = locals.app.desk;
    const plan = orError(await plans.get(managing(locals, values['plan'] ?? ''), values['plan'] ?? ''));
    const patch = planPatch.safeParse({ room: values['room'] || null, version: Number(values['version']) || 1 });
    if (!patch.success) return not('plans', failForm(patch.error, values, { room: m.room() }));
    const changed = await plans.update(by, plan.id, patch.data);
    if (isRefusal(changed)) return not('plans', failForm(changed, values, { room: m.room() }));
    const { room } = changed;
    return {
      of: 'plans' as const,
      done: room === null ? m.no_room_of_plan({ plan: plan.name }) : m.room_of_plan({ plan: plan.name, room })
    };
  },

  remove: async ({ locals, params }) => {
    const refusal = await locals.app.desk.venues.remove(managing(locals, params.id), params.id);
    if (!isRefusal(refusal)) redirect(303, '/admin/venues');
    if (refusal.code === 'NOT_FOUND') orError(refusal);
    return fail(refusal.httpStatus, { kept: refusal.message });
  }
};
