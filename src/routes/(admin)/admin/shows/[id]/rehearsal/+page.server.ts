import * as m from '#domain/messages/compiled/rehearsal.js';
import { error, fail } from '@sveltejs/kit';
import { isRefusal } from '#domain/refusal.ts';
import { rehearsalBody } from '#domain/rehearsal.ts';
import { orError } from '$lib/components/or-error.ts';
import { failForm, typed } from '$lib/server/small-forms.ts';
import { admin, managing } from '$lib/server/desk';
import type { Actions, PageServerLoad } from './$types';

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
    if (!isRefusal(failed) && 'id' in failed) return { done: m.begins() };
    const failure = failForm(failed, values, {});
    return fail(failure.status, failure.data);
  },

  stop: async ({ locals, params }) => {
    admin(locals);
    const by = managing(locals, params.id);
    orError(await locals.app.rehearsals.stop(by, params.id));
    return { done: m.ends() };
  }
};
