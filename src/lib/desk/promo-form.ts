import * as m from '#domain/messages/compiled/desk_forms.js';
import { currencies } from '#domain/field.ts';
import { amountText, parseAmount } from '#domain/money.ts';
import { promoBody, promoPatch } from '#domain/pricing.ts';
import { toLocal } from '#domain/time.ts';
import { spoken } from '$lib/forms/spoken.ts';
import { numberIn, textForm, type Typed } from '$lib/forms/text-form.ts';
import type { PromoCode } from '../../../server/catalog/promo-codes.ts';
import { parseShare, shareText } from './pricing-form.ts';
import { readMoment } from './show-form.ts';

/** A promo code as it is typed: what it takes off, where, when and how often. Times by the clock of `timeZone`. */
export interface PromoStage {
  timeZone: string;
  /** Shows to choose of. */
  shows: readonly { id: string }[];
}
export const showField = (id: string) => `show-${id}`;

const words = {
  ...{ off: m.takes_off, currency: m.currency, scope: m.valid_for, startsAt: m.valid_from, endsAt: m.valid_until },
  ...{ usesMax: m.uses_in_all, usesPerUser: m.uses_by_buyer, active: m.state }
};
type Tell = (path: string, message: string) => void;

function read(values: Typed, { timeZone, shows }: PromoStage, wrong: Tell) {
  const given = (name: string) => values[name]?.trim() ?? '';
  const count = (name: string) => (given(name) === '' ? null : numberIn(given(name)));
  const moment = (name: string) =>
    given(name) === '' ? null : (readMoment(name, given(name), timeZone, wrong) ?? null);
  const chosen = shows.map(({ id }) => id).filter((id) => given(showField(id)) !== '');
  if (given('scope') === 'chosen' && chosen.length === 0) wrong('scope', 'names no show: choose at least one below');
  return {
    ...{ off: offIn(given('off'), given('currency'), wrong), active: given('active') !== 'off' },
    shows: given('scope') === 'chosen' && chosen.length > 0 ? chosen : null,
    ...{ startsAt: moment('startsAt'), endsAt: moment('endsAt') },
    ...{ usesMax: count('usesMax'), usesPerUser: count('usesPerUser') }
  };
}

/** `20 %`, or `10.00` of the currency. */
function offIn(typed: string, currency: string, wrong: Tell) {
  if (typed === '') wrong('off', 'is missing, such as 20 % or 10.00');
  if (typed.endsWith('%')) {
    const share = parseShare(typed);
    if (share === null) wrong('off', 'is not a share, such as 20 %');
    return { share: share ?? 1 };
  }
  if (!currencies.includes(currency)) wrong('currency', 'is missing');
  const amount = currencies.includes(currency) ? parseAmount(typed, currency) : null;
  if (amount === null) wrong('off', `is not an amount of ${currency}`);
  return { amount: amount ?? 1, currency: currencies.includes(currency) ? currency : 'EUR' };
}

const renamed = (path: string) => path.replace(/^off\..*/, 'off').replace(/^shows\b.*/, 'scope');

export const newPromoForm = (stage: PromoStage) =>
  textForm({
    ...{
      labels: spoken({ code: m.code, ...words }),
      body: promoBody,
      rename: renamed,
      hidden: stage.shows.map(({ id }) => showField(id))
    },
    read: (values, wrong) => ({ code: values['code'] ?? '', ...read(values, stage, wrong) })
  });

/** The code itself is not to be changed. */
export const promoForm = (stage: PromoStage) =>
  textForm({
    labels: spoken(words),
    ...{ body: promoPatch.omit({ version: true }), rename: renamed },
    hidden: ['version', ...stage.shows.map(({ id }) => showField(id))],
    read: (values, wrong) => read(values, stage, wrong)
  });

export function promoValues(promo: PromoCode, { timeZone }: PromoStage): Typed {
  const local = (at: string | null) => (at === null ? '' : toLocal(at, timeZone));
  const { off } = promo;
  return {
    off: 'share' in off ? shareText(off.share) : amountText(off.amount, off.currency),
    currency: 'currency' in off ? off.currency : 'EUR',
    ...{ scope: promo.shows === null ? 'every' : 'chosen', active: promo.active ? 'on' : 'off' },
    ...Object.fromEntries((promo.shows ?? []).map(({ id }) => [showField(id), 'on'])),
    ...{ startsAt: local(promo.startsAt), endsAt: local(promo.endsAt) },
    ...{ usesMax: promo.usesMax?.toString() ?? '', usesPerUser: promo.usesPerUser?.toString() ?? '' },
    version: String(promo.version)
  };
}
