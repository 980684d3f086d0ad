import * as d from '#domain/messages/compiled/desk.js';
import * as m from '#domain/messages/compiled/desk_plans.js';
import { redirect } from '@sveltejs/kit';
import { planPatch } from '#domain/catalog.ts';
import { isRefusal } from '#domain/refusal.ts';
import { spoken } from '$lib/forms/spoken.ts';
import { orError } from '$lib/components/or-error.ts';
import { managing } from '$lib/server/desk';
import { failForm, typed, versionIn } from '$lib/server/small-forms.ts';
import type { Actions, PageServerLoad } from './$types';

/** A draft opens in the editor, which fetches what is drawn by itself; a published plan is shown. */
export const load: PageServerLoad = async ({ locals, params }) => {
  const by = managing(locals, params.id);
  const { plans } = locals.app.desk;
  const plan = orError(await plans.get(by, params.id));
  const versions = orError(await plans.versions(by, params.id));
  const before = versions.find(({ publishedAt, id }) => publishedAt !== null && id !== plan.id)?.id ?? null;
  const venue = orError(await locals.app.desk.venues.get(by, plan.venue.id));
  return { plan, versions, before, rooms: venue.rooms, whole: !plan.published };
};

const LABELS = spoken({ name: m.name, room: m.room });

export const actions: Actions = {
  edit: async ({ locals, params }) => {
    const draft = orError(await locals.app.desk.plans.newDraft(managing(locals, params.id), params.id));
    redirect(303, `/admin/plans/${draft.id}`);
  },

  duplicate: async ({ locals, params }) => {
    const copy = orError(await locals.app.desk.plans.duplicate(managing(locals, params.id), params.id));
    redirect(303, `/admin/plans/${copy.id}`);
  },

  save: async ({ locals, params, request }) => {
    const by = managing(locals, params.id);
    const { plans } = locals.app.desk;
    const values = typed(await request.formData());
    const room = values['room'] === '' ? null : values['room'];
    const parsed = planPatch.safeParse({ name: values['name'], room, version: versionIn(values) });
    const now = orError(await plans.get(by, params.id));
    if (!parsed.success) return failForm(parsed.error, values, LABELS);
    const saved = await plans.update(by, params.id, parsed.data);
    if (!isRefusal(saved)) return { done: d.saved() };
    const theirs = { name: now.name, room: now.room ?? '' };
    return failForm(saved, values, LABELS, { version: now.version, values: theirs });
  },

  remove: async ({ locals, params }) => {
    const refusal = await locals.app.desk.plans.remove(managing(locals, params.id), params.id);
    if (isRefusal(refusal)) return failForm(refusal, {}, {});
    redirect(303, '/admin/plans');
  }
};
