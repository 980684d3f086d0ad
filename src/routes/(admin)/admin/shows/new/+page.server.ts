import { error, redirect } from '@sveltejs/kit';
import { currencies } from '#domain/catalog.ts';
import { catalogId } from '#domain/ids.ts';
import { isRefusal, refuse } from '#domain/refusal.ts';
import { toLocal } from '#domain/time.ts';
import { orError } from '$lib/components/or-error.ts';
import { readRunForm } from '$lib/desk/show-form.ts';
import { priceValues, RUN_LABELS, showLabels } from '$lib/desk/values.ts';
import { failForm, manager, typed } from '$lib/server/desk';
import type { Actions, PageServerLoad } from './$types';

const OFFERED = 100;

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
      events: mine.items.map(({ id, title }) => ({ value: id, label: title })),
      plans: halls.items.map(({ id, name, venue }) => ({ value: id, label: `${venue.name}: ${name}` }))
    };
    return { choices, ...{ eventId, planId }, chosen: null, values: {}, currencies };
  }
  const values: Record<string, string> = model
    ? {
        ...{ currency: model.currency, seatsPerBuyer: String(model.seatsPerBuyer), ...priceValues(model) },
        times: toLocal(model.startsAt, model.venue.timeZone).slice(11)
      }
    : { currency: 'EUR', seatsPerBuyer: '8', closesBefore: '0' };
  return { choices: null, ...{ eventId, planId }, chosen: { event, plan }, values, currencies };
};

export const actions: Actions = {
  default: async ({ locals, request }) => {
    const by = manager(locals);
    const { plans, shows } = locals.app.desk;
    const values = typed(await request.formData());
    const ids = { eventId: values['eventId'] ?? '', planId: values['planId'] ?? '' };
    const plan = catalogId.safeParse(ids.planId).success ? await plans.get(by, ids.planId) : null;
    if (!plan || isRefusal(plan)) error(404, 'There is no such seating plan.');
    const tiers = plan.tiers.map(({ id, name }) => ({ tier: id, name }));
    const labels = { ...showLabels(tiers), ...RUN_LABELS };
    const read = readRunForm(values, { tiers: tiers.map(({ tier }) => tier), timeZone: plan.venue.timeZone }, ids);
    const failed = (errors: readonly { path: string; message: string }[]) =>
      failForm(
        refuse('INVALID', 'Please check what is marked below. Nothing was saved.', {
          errors: errors.map(({ path, message }) => ({ message, path: path === 'dates' ? 'firstDate' : path }))
        }),
        values,
        labels
      );
    if (!read.run) return failed(read.wrong);
    const made = await shows.createRun(by, read.run);
    if (isRefusal(made)) {
      const failure = failForm(made, values, labels);
      const errors = Object.entries(failure.data.errors).map(([path, message]) => ({ path, message }));
      return errors.length > 0 ? failed(errors) : failure;
    }
    redirect(303, `/admin/shows?event=${ids.eventId}`);
  }
};
