import * as m from '#domain/messages/compiled/desk_plans.js';
import { redirect } from '@sveltejs/kit';
import { planBody } from '#domain/catalog.ts';
import { isRefusal } from '#domain/refusal.ts';
import { spoken } from '$lib/forms/spoken.ts';
import { readPlace } from '$lib/desk/places.ts';
import { manager } from '$lib/server/desk';
import { failForm, typed } from '$lib/server/small-forms.ts';
import type { Actions, PageServerLoad } from './$types';

const LABELS = spoken({ place: m.venue, name: m.name, generate: m.begin_with });

export const load: PageServerLoad = async ({ locals, url }) => {
  const by = manager(locals);
  return { venues: await locals.app.desk.planFiles.venues(by), place: url.searchParams.get('venue') ?? '' };
};

export const actions: Actions = {
  default: async ({ locals, request }) => {
    const by = manager(locals);
    const values = typed(await request.formData());
    const { generate, name, place = '' } = values;
    const parsed = planBody.safeParse({
      name,
      ...readPlace(place),
      ...(generate ? { generate: Number(generate) } : {})
    });
    if (!parsed.success) return failForm(parsed.error, values, LABELS);
    const plan = await locals.app.desk.plans.create(by, parsed.data);
    if (isRefusal(plan)) return failForm(plan, values, LABELS);
    redirect(303, `/admin/plans/${plan.id}`);
  }
};
