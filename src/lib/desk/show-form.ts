import * as m from '#domain/messages/compiled/desk_forms.js';
import { showPatch } from '#domain/catalog.ts';
import { currencies } from '#domain/field.ts';
import { amountText, parseAmount } from '#domain/money.ts';
import type { Pricing } from '#domain/pricing.ts';
import { fromLocal, toLocal } from '#domain/time.ts';
import type { Fairness } from '#domain/waiting-room.ts';
import { numberIn, textForm, type Typed } from '$lib/forms/text-form.ts';
import { fairnessLabels, fairnessValues, readFairness } from './fairness-form.ts';
import { pricingLabels, pricingRenamed, pricingValues, readPricing } from './pricing-form.ts';
import type { OwnShow } from '../../../server/catalog/own-shows.ts';

/** What the forms of shows share: prices as they are written in the show's currency, times by the clock of the venue. */
export interface Tier {
  tier: string;
  name: string;
}
type Tell = (path: string, message: string) => void;

const priceField = (tier: string) => `price-${tier}`;
/** Prices are one record in the body, and a field a tier in the form. */
export const priceRenamed = (path: string) => pricingRenamed(path.replace(/^prices\./, 'price-'));
export const termsLabels = (tiers: readonly Tier[]): Typed => ({
  ...{ seatsPerBuyer: m.seats_per_buyer(), currency: m.currency() },
  refundUntilMin: m.refund_until(),
  ...Object.fromEntries(tiers.map(({ tier, name }) => [priceField(tier), m.price_of({ tier: name })])),
  ...pricingLabels(),
  ...fairnessLabels()
});

export function readTerms(values: Typed, tiers: readonly Tier[], wrong: Tell) {
  const currency = values['currency'] ?? '';
  const known = currencies.includes(currency);
  const prices: Record<string, number> = {};
  for (const { tier } of tiers) {
    const given = values[priceField(tier)]?.trim() ?? '';
    const amount = known ? parseAmount(given, currency) : 0;
    if (amount !== null) prices[tier] = amount;
    else wrong(priceField(tier), given === '' ? 'is missing' : `is not an amount of ${currency}`);
  }
  const until = values['refundUntilMin']?.trim() ?? '';
  return {
    ...{ currency, prices, seatsPerBuyer: numberIn(values['seatsPerBuyer']) },
    refundUntilMin: until === '' ? null : numberIn(until),
    ...readPricing(values, known ? currency : null, wrong),
    ...readFairness(values)
  };
}

export const termsValues = (
  show: Pick<OwnShow, 'tiers' | 'currency' | 'seatsPerBuyer' | 'refundUntilMin' | keyof Pricing | keyof Fairness>
): Typed => ({
  ...{ currency: show.currency, seatsPerBuyer: String(show.seatsPerBuyer) },
  refundUntilMin: show.refundUntilMin === null ? '' : String(show.refundUntilMin),
  ...Object.fromEntries(show.tiers.map(({ tier, price }) => [priceField(tier), amountText(price, show.currency)])),
  ...pricingValues(show, show.currency),
  ...fairnessValues(show)
});

/** The moment that a clock there shows; undefined, and told, when it never shows that. */
export function readMoment(name: string, given: string, timeZone: string, wrong: Tell): string | undefined {
  const found = fromLocal(given, timeZone);
  if (!found) wrong(name, given === '' ? 'is missing' : 'is not a time on the clock there');
  return found?.toISOString();
}

/** A show that exists. A time that was not touched stays as it is to the second. */
export function showForm(show: OwnShow) {
  const shown = showValues(show);
  return textForm({
    labels: {
      ...{ startsAt: m.start(), doorsAt: m.doors(), saleOpensAt: m.sale_opens(), saleClosesAt: m.sale_closes() },
      ...termsLabels(show.tiers)
    },
    body: showPatch.omit({ version: true }),
    rename: priceRenamed,
    read(values, wrong) {
      const moment = (name: 'startsAt' | 'doorsAt' | 'saleOpensAt' | 'saleClosesAt') => {
        const given = values[name] ?? '';
        if (given === shown[name] && show[name] !== null) return show[name];
        return readMoment(name, given, show.venue.timeZone, wrong);
      };
      return {
        ...readTerms(values, show.tiers, wrong),
        ...{ startsAt: moment('startsAt'), saleOpensAt: moment('saleOpensAt'), saleClosesAt: moment('saleClosesAt') },
        doorsAt: values['doorsAt'] ? moment('doorsAt') : null
      };
    }
  });
}

export function showValues(show: OwnShow): Typed {
  const local = (at: string | null) => (at === null ? '' : toLocal(at, show.venue.timeZone));
  return {
    ...{ startsAt: local(show.startsAt), doorsAt: local(show.doorsAt) },
    ...{ saleOpensAt: local(show.saleOpensAt), saleClosesAt: local(show.saleClosesAt) },
    ...{ ...termsValues(show), version: String(show.version) }
  };
}
