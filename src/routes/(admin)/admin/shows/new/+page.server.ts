import { REFUND_UNTIL_DEFAULT_MIN } from '#domain/refunds.ts';
import { error, redirect } from '@sveltejs/kit';
import { currencies } from '#domain/field.ts';
import { catalogId } from '#domain/ids.ts';
import { isRefusal } from '#domain/refusal.ts';
import { toLocal } from '#domain/time.ts';
import { orError } from '$lib/components/or-error.ts';
import { fairnessValues } from '$lib/desk/fairness-form.ts';
import { eventOption, planOption } from '$lib/desk/options.ts';
import { runForm } from '$lib/desk/run-form.ts';
import { termsValues } from '$lib/desk/show-form.ts';
import { manager } from '$lib/server/desk';
import { filled, refused, sendBack, sent } from '$lib/server/text-forms.ts';
import type { Actions, PageServerLoad } from './$types';

const OFFERED = 100;
const formId = (event: string, plan: string) => `run-${event}-${plan}`;

/** First the event and the plan, because the prices depend on it; then the rest. Both steps work without JavaScript. */
export const load: PageServerLoad = async ({ locals, url }) => {
  const by = manager(locals);
  const { events, plans, shows } = locals.app.desk;
  const given = (name: string) => {
    const id = url.searchParams.get(name) ?? '';
    if (id !== '' && !catalogId.safeParse(id).success) error(404, 'There is no such page.');
    return id;
  };
  const copy = given('copy');
  const model = copy === '' ? null : orError(await shows.get(by, copy));
  const [eventId, planId] = [model?.event.id ?? given('event'), model?.plan.id ?? given('plan')];
  const [event, plan] = await Promise.all([
    eventId === '' ? null : events.get(by, eventId).then(orError),
    planId === '' ? null : plans.get(by, planId).then(orError)
  ]);
  if (!event || !plan) {
    const [mine, halls] = await Promise.all([
      events.list(by, { sort: 'title', limit: OFFERED }),
      plans.list(by, { state: 'published', limit: OFFERED })
    ]);
    const choices = {
      ...{ events: mine.items.map(eventOption), plans: halls.items.map(planOption) },
      ...{ event: event && eventOption(event), plan: plan && planOption(plan) }
    };
    return { choices, ...{ eventId, planId }, chosen: null, currencies };
  }
  const values = model
    ? { ...termsValues(model), times: toLocal(model.startsAt, model.venue.timeZone).slice(11) }
    : {
        currency: 'EUR',
        seatsPerBuyer: '8',
        refundUntilMin: String(REFUND_UNTIL_DEFAULT_MIN),
        taxIncluded: 'included',
        ...fairnessValues()
      };
  const sent = await filled(
    runForm(event.id, plan),
    { closesBefore: '0', ...values, eventId, planId },
    formId(eventId, planId)
  );
  return { choices: null, ...{ eventId, planId }, chosen: { event, plan, sent }, currencies };
};

export const actions: Actions = {
  default: async ({ locals, request }) => {
    const by = manager(locals);
    const { plans, shows } = locals.app.desk;
    const given = await request.clone().formData();
    const [eventId, planId] = [String(given.get('eventId') ?? ''), String(given.get('planId') ?? '')];
    const plan = catalogId.safeParse(planId).success ? await plans.get(by, planId) : null;
    if (!plan || isRefusal(plan)) error(404, 'There is no such seating plan.');
    const text = runForm(eventId, plan);
    const { form, body } = await sent(request, text, formId(eventId, planId));
    if (!body) return sendBack(form);
    const made = await shows.createRun(by, body);
    if (isRefusal(made)) return refused(form, text, made);
    redirect(303, `/admin/shows?event=${eventId}`);
  }
};
