import * as refusals from '#domain/messages/compiled/refusals_sale.js';
import { planChangeBody } from '#domain/catalog.ts';
import { catalogId } from '#domain/ids.ts';
import { parseAmount } from '#domain/money.ts';
import { isRefusal, refuse } from '#domain/refusal.ts';
import { orError } from '$lib/components/or-error.ts';
import { check } from '#domain/messages/compiled/forms.js';
import { managing } from '$lib/server/desk';
import { failForm, typed } from '$lib/server/small-forms.ts';
import type { Actions, PageServerLoad } from './$types';

/** With `?to=<plan>` what would be different; nothing is changed before that was seen and confirmed. */
export const load: PageServerLoad = async ({ locals, params, url }) => {
  const by = managing(locals, params.id);
  const { shows, plans } = locals.app.desk;
  const show = orError(await shows.get(by, params.id));
  const versions = orError(await plans.versions(by, show.plan.id)).filter(({ publishedAt }) => publishedAt !== null);
  const to = versions.find(({ id }) => id === url.searchParams.get('to') && id !== show.plan.id);
  const change = to ? await shows.planChange(by, params.id, to.id) : null;
  // A version that is gone by now, or that the show has got meanwhile, is no choice any more.
  return { show, versions, change: isRefusal(change) ? null : change };
};

const PRICE = 'price-';

export const actions: Actions = {
  move: async ({ locals, params, request }) => {
    const by = managing(locals, params.id);
    const { shows } = locals.app.desk;
    const show = orError(await shows.get(by, params.id));
    const values = typed(await request.formData());
    const given = Object.entries(values).filter(([name]) => name.startsWith(PRICE));
    const prices = given.map(([name, text]) => [name.slice(PRICE.length), parseAmount(text, show.currency)] as const);
    const errors = prices.flatMap(([tier, price]) =>
      price === null ? [{ path: `${PRICE}${tier}`, message: `is not an amount of ${show.currency}` }] : []
    );
    if (errors.length > 0) return failForm(refuse('INVALID', check(), { errors }), values, {});
    const body = planChangeBody.safeParse({
      ...{ planId: values['to'], from: values['from'] },
      ...(prices.length > 0 ? { prices: Object.fromEntries(prices) } : {})
    });
    if (!body.success || !catalogId.safeParse(values['from']).success) {
      return failForm(refuse('INVALID', refusals.choose_version()), values, {});
    }
    const moved = await shows.changePlan(by, params.id, body.data.planId, body.data.prices, body.data.from);
    if (isRefusal(moved)) return failForm(moved, values, {});
    return { done: refusals.plan_moved() };
  }
};
