import * as d from '#domain/messages/compiled/desk.js';
import * as m from '#domain/messages/compiled/promo.js';
import { fail } from '@sveltejs/kit';
import { isRefusal } from '#domain/refusal.ts';
import { orError } from '$lib/components/or-error.ts';
import { promoForm, promoValues } from '$lib/desk/promo-form.ts';
import { managing } from '$lib/server/desk';
import { promoStage } from '$lib/server/promo-stage.ts';
import { filled, refused, saved, sendBack, sent, versionIn } from '$lib/server/text-forms.ts';
import type { Actions, PageServerLoad } from './$types';

const formId = (promo: string) => `promo-${promo}`;

export const load: PageServerLoad = async ({ locals, params }) => {
  const by = managing(locals, params.id);
  const promo = orError(await locals.app.desk.promoCodes.get(by, params.id));
  const stage = await promoStage(locals.app, by, promo);
  return { promo, stage, sent: await filled(promoForm(stage), promoValues(promo, stage), formId(promo.id)) };
};

export const actions: Actions = {
  save: async ({ locals, params, request }) => {
    const by = managing(locals, params.id);
    const { promoCodes } = locals.app.desk;
    const stage = await promoStage(locals.app, by, orError(await promoCodes.get(by, params.id)));
    const text = promoForm(stage);
    const { form, body } = await sent(request, text, formId(params.id));
    if (!body) return sendBack(form);
    const promo = await promoCodes.update(by, params.id, { ...body, version: versionIn(form) });
    if (!isRefusal(promo)) return saved(text, promoValues(promo, stage), formId(params.id), d.saved());
    return refused(form, text, promo, async () => {
      const now = await promoCodes.get(by, params.id);
      return isRefusal(now) ? now : promoValues(now, stage);
    });
  },

  switch: async ({ locals, params, request }) => {
    const by = managing(locals, params.id);
    orError(await locals.app.desk.promoCodes.get(by, params.id));
    const active = (await request.formData()).get('active') === 'on';
    const promo = await locals.app.desk.promoCodes.update(by, params.id, { active });
    if (isRefusal(promo)) return fail(promo.httpStatus, { kept: promo.message });
    return { switched: active ? m.code_works_again() : m.code_is_off() };
  }
};
