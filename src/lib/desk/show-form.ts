import { runBody, showPatch } from '#domain/catalog.ts';
import { parseAmount } from '#domain/money.ts';
import { daysBetween, fromLocal } from '#domain/time.ts';

/** The forms of shows as what `showPatch` and `runBody` check: clocks of the venue become moments, prices minor units. */
type Values = Record<string, string>;
export interface Wrong {
  path: string;
  message: string;
}
const isCurrency = showPatch.shape.currency;

function termsIn(values: Values, tiers: readonly string[], wrong: Wrong[]) {
  const currency = values['currency'] ?? '';
  const known = isCurrency.safeParse(currency).success;
  const prices: Record<string, number> = {};
  for (const tier of tiers) {
    const given = values[`prices.${tier}`]?.trim() ?? '';
    const amount = known ? parseAmount(given, currency) : 0;
    if (amount === null) {
      const message = given === '' ? 'is missing' : `is not an amount of ${currency}`;
      wrong.push({ path: `prices.${tier}`, message });
    } else prices[tier] = amount;
  }
  return { currency, prices, seatsPerBuyer: numberIn(values['seatsPerBuyer']) };
}

/** NaN for what is no number: the schema has the words for it. */
const numberIn = (given: string | undefined) => (given?.trim() ? Number(given) : Number.NaN);

/** What is wrong with a body by its schema, besides what the reading of the form has found. */
function issues(schema: typeof runBody | typeof showPatch, body: object): Wrong[] {
  const { error } = schema.safeParse(body);
  return (error?.issues ?? []).map(({ path, message }) => ({ path: path.join('.'), message }));
}

/** Values that were not touched (`now`) stay as they are to the second. */
export function readShowForm(values: Values, show: { tiers: readonly string[]; timeZone: string }, now: Moments) {
  const wrong: Wrong[] = [];
  const moment = (name: keyof Moments) => {
    const given = values[name] ?? '';
    const { shown, at } = now[name];
    if (given === shown && at !== null) return at;
    const found = fromLocal(given, show.timeZone);
    if (!found) wrong.push({ path: name, message: given === '' ? 'is missing' : 'is not a time on the clock there' });
    return found?.toISOString();
  };
  const patch = {
    ...termsIn(values, show.tiers, wrong),
    ...{ startsAt: moment('startsAt'), saleOpensAt: moment('saleOpensAt'), saleClosesAt: moment('saleClosesAt') },
    doorsAt: values['doorsAt'] ? moment('doorsAt') : null
  };
  const all = [...wrong, ...issues(showPatch, patch)];
  return { patch: all.length === 0 ? showPatch.parse(patch) : null, wrong: all };
}
export type Moments = Record<
  'startsAt' | 'doorsAt' | 'saleOpensAt' | 'saleClosesAt',
  { shown: string; at: string | null }
>;

export const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

/** From a day to a day, on some weekdays or all, at some times of day: one show when it is one of each. */
export function readRunForm(
  values: Values,
  plan: { tiers: readonly string[]; timeZone: string },
  ids: { eventId: string; planId: string }
) {
  const wrong: Wrong[] = [];
  const first = values['firstDate'] ?? '';
  const last = values['lastDate'] ?? '';
  const weekdays = WEEKDAYS.flatMap((_, day) => (values[`weekday-${day}`] ? [day] : []));
  const dates = daysBetween(first, last === '' ? first : last, weekdays);
  if (first === '') wrong.push({ path: 'firstDate', message: 'is missing' });
  else if (dates.length === 0) wrong.push({ path: 'lastDate', message: 'leaves no day for a show' });
  const opens = values['saleOpensAt'] ?? '';
  const saleOpensAt = opens === '' ? undefined : fromLocal(opens, plan.timeZone);
  if (saleOpensAt === null) wrong.push({ path: 'saleOpensAt', message: 'is not a time on the clock there' });
  const run = {
    ...ids,
    ...termsIn(values, plan.tiers, wrong),
    dates,
    times: (values['times'] ?? '').split(/[,;\s]+/).filter((time) => time !== ''),
    doorsBefore: values['doorsBefore']?.trim() ? Number(values['doorsBefore']) : null,
    closesBefore: values['closesBefore']?.trim() ? Number(values['closesBefore']) : 0,
    ...(saleOpensAt ? { saleOpensAt: saleOpensAt.toISOString() } : {})
  };
  const more = issues(runBody, run).filter(({ path }) => path !== 'dates' || dates.length > 0);
  const all = [...wrong, ...more];
  return { run: all.length === 0 ? runBody.parse(run) : null, wrong: all };
}
