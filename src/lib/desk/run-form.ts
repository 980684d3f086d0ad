import * as m from '#domain/messages/compiled/desk_forms.js';
import { runBody } from '#domain/catalog.ts';
import { daysBetween } from '#domain/time.ts';
import { textForm } from '$lib/forms/text-form.ts';
import type { SeatingPlan } from '../../../server/catalog/plans/rows.ts';
import { priceRenamed, readMoment, readTerms, termsLabels } from './show-form.ts';

export const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
export const weekdayField = (day: number) => `weekday-${day}`;

/** From a day to a day, on some weekdays or all, at some times of day: one show when it is one of each. */
export function runForm(eventId: string, plan: Pick<SeatingPlan, 'id' | 'tiers' | 'venue'>) {
  const tiers = plan.tiers.map(({ id, name }) => ({ tier: id, name }));
  return textForm({
    labels: {
      ...{ firstDate: m.first_day(), lastDate: m.last_day(), times: m.times_of_day(), saleOpensAt: m.sale_opens() },
      ...{ doorsBefore: m.doors_before(), closesBefore: m.closes_before() },
      ...termsLabels(tiers)
    },
    hidden: ['eventId', 'planId', ...WEEKDAYS.map((_, day) => weekdayField(day))],
    body: runBody,
    rename: (path) => (/^dates\b/.test(path) ? 'firstDate' : priceRenamed(path)),
    read(values, wrong) {
      const [first = '', last = ''] = [values['firstDate'], values['lastDate']];
      const weekdays = WEEKDAYS.flatMap((_, day) => (values[weekdayField(day)] ? [day] : []));
      const dates = daysBetween(first, last === '' ? first : last, weekdays);
      if (first === '') wrong('firstDate', 'is missing');
      else if (dates.length === 0) wrong('lastDate', 'leaves no day for a show');
      const opens = values['saleOpensAt'] ?? '';
      return {
        ...{ eventId, planId: plan.id },
        ...readTerms(values, tiers, wrong),
        // Without a day there is an error already: the schema need not say it again of the list.
        dates: dates.length === 0 ? ['2000-01-01'] : dates,
        times: (values['times'] ?? '').split(/[,;\s]+/).filter((time) => time !== ''),
        doorsBefore: values['doorsBefore']?.trim() ? Number(values['doorsBefore']) : null,
        closesBefore: values['closesBefore']?.trim() ? Number(values['closesBefore']) : 0,
        ...(opens === '' ? {} : { saleOpensAt: readMoment('saleOpensAt', opens, plan.venue.timeZone, wrong) })
      };
    }
  });
}
