import * as m from '#domain/messages/compiled/show.js';
import { formatMoney } from '#domain/money.ts';
import { showTime } from '#domain/time.ts';

/** What about a show its customers are told when it changes under their eyes. */
export interface ShownTerms {
  startsAt: string;
  doorsAt: string | null;
  saleClosesAt: string;
  timeZone: string;
  currency: string;
  tiers: readonly { tier: string; name: string; price: number }[];
}

/** `The show starts Friday … now. Stalls cost €30 now.`; empty when nothing of it is different. */
export function termsNews(before: ShownTerms, now: ShownTerms, holds: boolean): string {
  const at = (moment: string) => showTime(moment, now.timeZone);
  const news: string[] = [];
  if (before.startsAt !== now.startsAt) news.push(m.starts_now({ time: at(now.startsAt) }));
  if (before.doorsAt !== now.doorsAt && now.doorsAt) news.push(m.doors_now({ time: at(now.doorsAt) }));
  if (before.saleClosesAt !== now.saleClosesAt) news.push(m.sale_ends_now({ time: at(now.saleClosesAt) }));
  const priced = now.tiers.filter(
    ({ tier, price }) =>
      before.currency !== now.currency || before.tiers.find((other) => other.tier === tier)?.price !== price
  );
  if (priced.length === 0) return news.join(' ');
  const prices = priced.map(({ name, price }) => `${name} ${formatMoney({ amount: price, currency: now.currency })}`);
  news.push(m.new_prices({ prices: prices.join(', ') }));
  if (holds) news.push(m.held_cost_no_more());
  return news.join(' ');
}
