import * as m from '#domain/messages/compiled/refusals.js';
import type { ShowId, UserId } from '#domain/ids.ts';
import { pricedSince, typesSince, type WantedSeat } from '#domain/kept-price.ts';
import { pricedBy, type PricedBy } from '#domain/moved-price.ts';
import { formatMoney } from '#domain/money.ts';
import type { Quote, TicketType } from '#domain/quote.ts';
import { isRefusal, refuse, type Refusal } from '#domain/refusal.ts';
import type { SeatIndex } from '#domain/seat-map.ts';
import { readShowPrices } from '../catalog/pricing.ts';
import type { Sql } from '../db/database.ts';
import { findPromo } from './promo.ts';

/** What a buyer has chosen beside the seats. */
export interface Chosen {
  /** Ticket types by seat; seats that are not named are of the show's first type. */
  types?: Readonly<Record<string, string>> | undefined;
  promoCode?: string | undefined;
}

export interface ToPrice extends Chosen {
  show: ShowId;
  /** Ascending; seats of the plan that the show has now. */
  seats: readonly SeatIndex[];
  /** The terms of the show that they were held at. */
  heldAt: number | undefined;
  user: UserId | null;
}

export interface Priced {
  quote: Quote;
  currency: string;
  /** What can be chosen for each seat. */
  ticketTypes: TicketType[];
  promo: { id: string; code: string } | null;
  /** What the quote was made by: kept with the booking. */
  by: PricedBy;
}

/**
 * The price of these seats at this moment: the page shows it, and the checkout asks the same again inside its
 * transaction. Refuses CODE_REFUSED, INVALID for a ticket type or a seat that is none of these.
 */
export async function priceSeats(sql: Sql, { show, seats, heldAt, user, types = {}, promoCode }: ToPrice) {
  const prices = await readShowPrices(sql, show, heldAt);
  if (!prices) throw new Error(`show ${show} does not exist`);
  const foreign = Object.keys(types).find((seat) => !seats.includes(Number(seat)));
  if (foreign !== undefined) return wrongType(foreign, 'is not a seat of this hold');
  const code = promoCode?.trim() ?? '';
  const found = code === '' ? null : await findPromo(sql, { show, currency: prices.currency, user, code });
  if (isRefusal(found)) return found;
  const wanted = await withTiers(sql, show, seats, types);
  if (isRefusal(wanted)) return wanted;
  const priced = pricedSince(wanted, prices, heldAt, found?.promo ?? null);
  if ('unknownType' in priced) return wrongType(String(priced.unknownType), 'is not a ticket type of this show');
  return {
    ...{
      quote: priced.quote,
      by: pricedBy(priced.quote, priced.terms),
      currency: prices.currency,
      ticketTypes: typesSince(prices, heldAt)
    },
    promo: found && { id: found.id, code: found.promo.code }
  } satisfies Priced;
}

export const planChanged = () => refuse('HOLD_EXPIRED', m.plan_just_changed());

/** Nobody is charged another price than they were shown: they see the new one first. */
export const priceChanged = (priced: Priced): Refusal =>
  refuse(
    'PRICE_CHANGED',
    m.price_now({ sum: formatMoney({ amount: priced.quote.total, currency: priced.currency }) }),
    { quote: quoteView(priced) }
  );

/** A quote as it travels: money in minor units of `currency`. */
export const quoteView = ({ quote, currency, ticketTypes, promo }: Priced) => ({
  ...quote,
  seats: quote.seats.map(({ type, ...seat }) => ({ ...seat, type: type?.id ?? null })),
  ...{ currency, ticketTypes, promoCode: promo?.code ?? null }
});
export type QuoteView = ReturnType<typeof quoteView>;

const wrongType = (seat: string, message: string): Refusal =>
  refuse('INVALID', m.wrong_type(), {
    errors: [{ path: `types.${seat}`, message }]
  });

async function withTiers(
  sql: Sql,
  show: ShowId,
  seats: readonly SeatIndex[],
  types: Readonly<Record<string, string>>
): Promise<WantedSeat[] | Refusal> {
  const found = await sql.query<{ seat: SeatIndex; tier: string }>(
    `select p.seat_index as seat, p.tier from show s join plan_seat p on p.plan_id = s.plan_id
      where s.id = $1 and p.seat_index = any($2) order by p.seat_index`,
    [show, seats]
  );
  if (found.rows.length !== seats.length) return planChanged();
  return found.rows.map(({ seat, tier }) => ({ seat, tier, type: types[String(seat)] ?? null }));
}
