import type { ShowId } from '#domain/ids.ts';
import type { ShowPrices } from '#domain/kept-price.ts';
import type { Pricing } from '#domain/pricing.ts';
import type { Sql } from '../db/database.ts';
import { readEarlierPrices, readEarlierPricing } from './earlier-prices.ts';

/** Ticket types, fees and tax of a show `s`, as columns that read as a Pricing. */
export const PRICING = `
  (select coalesce(json_agg(json_strip_nulls(json_build_object('id', y.id, 'name', y.name, 'share', y.share, 'price', y.price))
                            order by y.ordinal), '[]')
     from show_ticket_type y where y.show_id = s.id) as "ticketTypes",
  (select coalesce(json_agg(json_build_object('name', f.name, 'perTicket', f.per_ticket, 'share', f.share,
                                              'perBooking', f.per_booking) order by f.ordinal), '[]')
     from show_fee f where f.show_id = s.id) as fees,
  case when s.tax_name is not null
       then json_build_object('name', s.tax_name, 'share', s.tax_share, 'included', s.tax_included) end as tax`;

export async function writePricing(sql: Sql, show: ShowId, { ticketTypes, fees, tax }: Pricing): Promise<void> {
  await sql.query('delete from show_ticket_type where show_id = $1', [show]);
  for (const [n, type] of ticketTypes.entries()) {
    await sql.query(
      'insert into show_ticket_type (show_id, id, name, ordinal, share, price) values ($1, $2, $3, $4, $5, $6)',
      [
        ...[show, type.id, type.name, n + 1],
        ...['share' in type ? type.share : null, 'price' in type ? type.price : null]
      ]
    );
  }
  await sql.query('delete from show_fee where show_id = $1', [show]);
  for (const [n, fee] of fees.entries()) {
    await sql.query(
      'insert into show_fee (show_id, ordinal, name, per_ticket, share, per_booking) values ($1, $2, $3, $4, $5, $6)',
      [show, n + 1, fee.name, fee.perTicket, fee.share, fee.perBooking]
    );
  }
  await sql.query('update show set tax_name = $2, tax_share = $3, tax_included = $4 where id = $1', [
    ...[show, tax?.name ?? null, tax?.share ?? null, tax?.included ?? null]
  ]);
}

const written = ({ ticketTypes, fees, tax }: Pricing) =>
  JSON.stringify([
    ticketTypes.map((type) => [
      type.id,
      type.name,
      'price' in type ? type.price : null,
      'share' in type ? type.share : null
    ]),
    fees.map((fee) => [fee.name, fee.perTicket, fee.share, fee.perBooking]),
    tax && [tax.name, tax.share, tax.included]
  ]);
export const samePricing = (one: Pricing, other: Pricing) => written(one) === written(other);

/**
 * Everything a show's seats are priced by, for somebody who holds since these terms (undefined: by today's alone). Read
 * from Postgres itself: the cache may be a moment behind, and what is charged is decided by this.
 */
export async function readShowPrices(
  sql: Sql,
  show: ShowId,
  since: number | undefined
): Promise<(ShowPrices & { currency: string }) | null> {
  const found = await sql.query<Pricing & { currency: string; tiers: { tier: string; price: number }[] }>(
    `select s.currency, ${PRICING},
            (select coalesce(json_agg(json_build_object('tier', t.tier, 'price', t.price)), '[]')
               from show_tier t where t.show_id = s.id) as tiers
       from show s where s.id = $1`,
    [show]
  );
  const [now] = found.rows;
  if (!now) return null;
  const prices = since === undefined ? [] : await readEarlierPrices(sql, show, since);
  const pricing = since === undefined ? [] : await readEarlierPricing(sql, show, since);
  return { ...now, earlier: { prices, pricing } };
}
