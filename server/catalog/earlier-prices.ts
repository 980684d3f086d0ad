import type { ShowId } from '#domain/ids.ts';
import type { EarlierPricing } from '#domain/kept-price.ts';
import type { EarlierPrice } from '#domain/price.ts';
import type { Pricing } from '#domain/pricing.ts';
import type { Sql } from '../db/database.ts';

/**
 * What the tiers of a show cost at its earlier terms, from `since` on. Prices in another currency than today's count
 * for nothing: a show with bookings keeps its currency.
 */
export async function readEarlierPrices(sql: Sql, show: ShowId, since = 1): Promise<EarlierPrice[]> {
  const { rows } = await sql.query<EarlierPrice>(
    `select p.terms, p.tier, p.price from show_price p join show s on s.id = p.show_id and s.currency = p.currency
      where p.show_id = $1 and p.terms >= $2 order by p.terms, p.tier`,
    [show, since]
  );
  return rows;
}

/** The same of its ticket types, fees and tax. */
export async function readEarlierPricing(sql: Sql, show: ShowId, since = 1): Promise<EarlierPricing[]> {
  const { rows } = await sql.query<{ terms: number; pricing: Pricing }>(
    `select t.terms, t.pricing from show_terms t join show s on s.id = t.show_id and s.currency = t.currency
      where t.show_id = $1 and t.terms >= $2 order by t.terms`,
    [show, since]
  );
  return rows.map(({ terms, pricing }) => ({ terms, ...pricing }));
}

/** Before prices change: writes down those of the show's terms until now, and begins new terms. */
export async function beginTerms(sql: Sql, { id: show, ticketTypes, fees, tax }: { id: ShowId } & Pricing) {
  await sql.query(
    `insert into show_price (show_id, terms, tier, price, currency)
     select s.id, s.terms, t.tier, t.price, s.currency from show s join show_tier t on t.show_id = s.id where s.id = $1`,
    [show]
  );
  await sql.query(
    `insert into show_terms (show_id, terms, currency, pricing) select id, terms, currency, $2::jsonb from show where id = $1`,
    [show, JSON.stringify({ ticketTypes, fees, tax })]
  );
  await sql.query('update show set terms = terms + 1 where id = $1', [show]);
}
