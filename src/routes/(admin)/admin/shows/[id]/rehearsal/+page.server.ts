import { error, fail } from '@sveltejs/kit';
import { isRefusal } from '#domain/refusal.ts';
import { rehearsalBody } from '#domain/rehearsal.ts';
import { orError } from '$lib/components/or-error.ts';
import { failForm, typed } from '$lib/server/small-forms.ts';
import { admin, managing } from '$lib/server/desk';
import type { Actions, PageServerLoad } from './$types';

const LABELS = { buyers: 'Buyers', seconds: 'Seconds' };

export const load: PageServerLoad = async ({ locals, params }) => {
  admin(locals);
  const by = managing(locals, params.id);
  const { catalog, rehearsals } = locals.app;
  const latest = orError(await rehearsals.latest(by, params.id));
  const show = await catalog.show(params.id);
  if (!show) error(404, 'There is no such show.');
  const obstacle = await rehearsals.obstacle(by, params.id);
  return { show, rehearsal: latest, obstacle: obstacle?.message ?? null };
};

export const actions: Actions = {
  start: async ({ locals, params, request }) => {
    admin(locals);
    const by = managing(locals, params.id);
    const values = typed(await request.formData());
    const parsed = rehearsalBody.safeParse({ buyers: values['buyers'], seconds: values['seconds'] });
    const failed = parsed.success ? await locals.app.rehearsals.start(by, params.id, parsed.data) : parsed.error;
    if (!isRefusal(failed) && 'id' in failed) return { done: 'The rehearsal begins in a moment.' };
    const failure = failForm(failed, values, LABELS);
    return fail(failure.status, failure.data);
  },

  stop: async ({ locals, params }) => {
    admin(locals);
    const by = managing(locals, params.id);
    orError(await locals.app.rehearsals.stop(by, params.id));
    return { done: 'The rehearsal ends, and its copy is removed.' };
  }
};
