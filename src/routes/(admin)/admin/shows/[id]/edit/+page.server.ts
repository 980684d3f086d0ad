import { redirect } from '@sveltejs/kit';
import { currencies } from '#domain/catalog.ts';
import { isRefusal, refuse } from '#domain/refusal.ts';
import { orError } from '$lib/components/or-error.ts';
import { readShowForm } from '$lib/desk/show-form.ts';
import { showLabels, showValues } from '$lib/desk/values.ts';
import { failForm, managing, typed, versionIn } from '$lib/server/desk';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
  const show = orError(await locals.app.desk.shows.get(managing(locals, params.id), params.id));
  return { show, values: showValues(show), currencies };
};

export const actions: Actions = {
  save: async ({ locals, params, request }) => {
    const by = managing(locals, params.id);
    const { shows } = locals.app.desk;
    const values = typed(await request.formData());
    const now = orError(await shows.get(by, params.id));
    const shown = showValues(now);
    const labels = showLabels(now.tiers);
    const moment = (name: 'startsAt' | 'doorsAt' | 'saleOpensAt' | 'saleClosesAt') => ({
      ...{ shown: shown[name] ?? '', at: now[name] }
    });
    const { patch, wrong } = readShowForm(
      values,
      { tiers: now.tiers.map(({ tier }) => tier), timeZone: now.venue.timeZone },
      {
        ...{ startsAt: moment('startsAt'), doorsAt: moment('doorsAt') },
        ...{ saleOpensAt: moment('saleOpensAt'), saleClosesAt: moment('saleClosesAt') }
      }
    );
    if (!patch) {
      return failForm(
        refuse('INVALID', 'Please check what is marked below. Nothing was saved.', { errors: wrong }),
        values,
        labels
      );
    }
    const saved = await shows.update(by, params.id, { ...patch, version: versionIn(values) });
    if (!isRefusal(saved)) return { done: 'Saved. Everyone who watches has the new terms.' };
    return failForm(saved, values, labels, { version: now.version, values: shown });
  },

  remove: async ({ locals, params }) => {
    const refusal = await locals.app.desk.shows.remove(managing(locals, params.id), params.id);
    if (isRefusal(refusal)) return failForm(refusal, {}, {});
    redirect(303, '/admin/shows');
  }
};
