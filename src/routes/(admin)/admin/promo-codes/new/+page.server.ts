import { redirect } from '@sveltejs/kit';
import { isRefusal } from '#domain/refusal.ts';
import { newPromoForm } from '$lib/desk/promo-form.ts';
import { manager } from '$lib/server/desk';
import { promoStage } from '$lib/server/promo-stage.ts';
import { filled, refused, sendBack, sent } from '$lib/server/text-forms.ts';
import type { Actions, PageServerLoad } from './$types';

const FORM = 'new-promo';

export const load: PageServerLoad = async ({ locals }) => {
  const by = manager(locals);
  const stage = await promoStage(locals.app, by);
  const first = { currency: 'EUR', scope: 'every', active: 'on' };
  return { stage, sent: await filled(newPromoForm(stage), first, FORM) };
};

export const actions: Actions = {
  default: async ({ locals, request }) => {
    const by = manager(locals);
    const text = newPromoForm(await promoStage(locals.app, by));
    const { form, body } = await sent(request, text, FORM);
    if (!body) return sendBack(form);
    const promo = await locals.app.desk.promoCodes.create(by, body);
    if (isRefusal(promo)) return refused(form, text, promo);
    redirect(303, `/admin/promo-codes/${promo.id}`);
  }
};
