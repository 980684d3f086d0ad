import { redirect } from '@sveltejs/kit';
import { planBody } from '#domain/catalog.ts';
import { isRefusal } from '#domain/refusal.ts';
import { manager } from '$lib/server/desk';
import { failForm, typed } from '$lib/server/small-forms.ts';
import type { Actions, PageServerLoad } from './$types';

const LABELS = { venueId: 'Venue', name: 'Name', generate: 'Begin with' };

export const load: PageServerLoad = async ({ locals, url }) => {
  const by = manager(locals);
  const venues = await locals.app.desk.planFiles.venues(by);
  const wished = venues.find(({ id }) => id === url.searchParams.get('venue'));
  return { venues, venueId: (wished ?? venues[0])?.id ?? '' };
};

export const actions: Actions = {
  default: async ({ locals, request }) => {
    const by = manager(locals);
    const values = typed(await request.formData());
    const { generate, ...rest } = values;
    const parsed = planBody.safeParse({ ...rest, ...(generate ? { generate: Number(generate) } : {}) });
    if (!parsed.success) return failForm(parsed.error, values, LABELS);
    const plan = await locals.app.desk.plans.create(by, parsed.data);
    if (isRefusal(plan)) return failForm(plan, values, LABELS);
    redirect(303, `/admin/plans/${plan.id}`);
  }
};
