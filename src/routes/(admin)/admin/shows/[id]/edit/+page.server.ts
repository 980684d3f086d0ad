import * as m from '#domain/messages/compiled/desk_show.js';
import { fail, redirect } from '@sveltejs/kit';
import { currencies } from '#domain/field.ts';
import { isRefusal } from '#domain/refusal.ts';
import { orError } from '$lib/components/or-error.ts';
import { showForm, showValues } from '$lib/desk/show-form.ts';
import { managing } from '$lib/server/desk';
import { filled, refused, saved, sendBack, sent, versionIn } from '$lib/server/text-forms.ts';
import type { Actions, PageServerLoad } from './$types';

const formId = (show: string) => `show-${show}`;

export const load: PageServerLoad = async ({ locals, params }) => {
  const show = orError(await locals.app.desk.shows.get(managing(locals, params.id), params.id));
  return { show, currencies, sent: await filled(showForm(show), showValues(show), formId(show.id)) };
};

export const actions: Actions = {
  save: async ({ locals, params, request }) => {
    const by = managing(locals, params.id);
    const { shows } = locals.app.desk;
    const text = showForm(orError(await shows.get(by, params.id)));
    const { form, body } = await sent(request, text, formId(params.id));
    if (!body) return sendBack(form);
    const show = await shows.update(by, params.id, { ...body, version: versionIn(form) });
    if (!isRefusal(show)) {
      return saved(showForm(show), showValues(show), formId(params.id), m.saved_terms());
    }
    return refused(form, text, show, async () => {
      const now = await shows.get(by, params.id);
      return isRefusal(now) ? now : showValues(now);
    });
  },

  remove: async ({ locals, params }) => {
    const refusal = await locals.app.desk.shows.remove(managing(locals, params.id), params.id);
    if (!isRefusal(refusal)) redirect(303, '/admin/shows');
    if (refusal.code === 'NOT_FOUND') orError(refusal);
    return fail(refusal.httpStatus, { kept: refusal.message });
  }
};
