import * as m from '#domain/messages/compiled/desk_plans.js';
import { redirect } from '@sveltejs/kit';
import { plansQuery } from '#domain/catalog.ts';
import { isRefusal } from '#domain/refusal.ts';
import { orError } from '$lib/components/or-error.ts';
import { manager, managing, searchOf } from '$lib/server/desk';
import { failForm, typed } from '$lib/server/small-forms.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  const by = manager(locals);
  const query = searchOf(url, plansQuery);
  return { ...(await locals.app.desk.plans.list(by, query)), query };
};

const idIn = async (request: Request) => typed(await request.formData())['id'] ?? '';

export const actions: Actions = {
  /** The draft of a published plan's next version; the one there is when it has been begun. */
  edit: async ({ locals, request }) => {
    const id = await idIn(request);
    const draft = orError(await locals.app.desk.plans.newDraft(managing(locals, id), id));
    redirect(303, `/admin/plans/${draft.id}`);
  },

  duplicate: async ({ locals, request }) => {
    const id = await idIn(request);
    const copy = orError(await locals.app.desk.plans.duplicate(managing(locals, id), id));
    redirect(303, `/admin/plans/${copy.id}`);
  },

  remove: async ({ locals, request }) => {
    const id = await idIn(request);
    const refusal = await locals.app.desk.plans.remove(managing(locals, id), id);
    return isRefusal(refusal) ? failForm(refusal, {}, {}) : { done: m.deleted() };
  }
};
