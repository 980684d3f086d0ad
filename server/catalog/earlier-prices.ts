import type { ShowId } from '#domain/ids.ts';
import type { EarlierPrice } from '#domain/price.ts';
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

/** Before prices change: writes down those of the show's terms until now, and begins new terms. */
export async function beginTerms(sql: Sql, show: ShowId): Promise<void> {
  await sql.query(
    `insert into show_price (show_id, terms, tier, price, currency)
     select s.id, s.terms, t.tier, t.price, s.currency from show s join show_tier t on t.show_id = s.id where s.id = $1`,
    [show]
  );
  await sql.query('update show set terms = terms + 1 where id = $1', [show]);
}
