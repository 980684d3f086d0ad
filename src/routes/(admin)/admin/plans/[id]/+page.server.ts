import { redirect } from '@sveltejs/kit';
import { planPatch } from '#domain/catalog.ts';
import { isRefusal } from '#domain/refusal.ts';
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
  return { plan, versions, before, whole: !plan.published };
};

export const actions: Actions = {
  edit: async ({ locals, params }) => {
    const draft = orError(await locals.app.desk.plans.newDraft(managing(locals, params.id), params.id));
    redirect(303, `/admin/plans/${draft.id}`);
  },

  duplicate: async ({ locals, params }) => {
    const copy = orError(await locals.app.desk.plans.duplicate(managing(locals, params.id), params.id));
    redirect(303, `/admin/plans/${copy.id}`);
  },

  rename: async ({ locals, params, request }) => {
    const by = managing(locals, params.id);
    const { plans } = locals.app.desk;
    const values = typed(await request.formData());
    const parsed = planPatch.safeParse({ name: values['name'], version: versionIn(values) });
    const now = orError(await plans.get(by, params.id));
    if (!parsed.success) return failForm(parsed.error, values, { name: 'Name' });
    const renamed = await plans.rename(by, params.id, parsed.data);
    if (!isRefusal(renamed)) return { done: 'Saved.' };
    return failForm(renamed, values, { name: 'Name' }, { version: now.version, values: { name: now.name } });
  },

  remove: async ({ locals, params }) => {
    const refusal = await locals.app.desk.plans.remove(managing(locals, params.id), params.id);
    if (isRefusal(refusal)) return failForm(refusal, {}, {});
    redirect(303, '/admin/plans');
  }
};
