import { portion, quote, spread, WHOLE, type Quote, type SeatPrice, type Terms, type TicketType } from './quote.ts';

/**
 * What a seat costs that takes the place of another one of the same booking: by the ticket type, the code, the fees and the
 * tax that the booking was made with, whatever the show's are today. Money is minor units.
 */
export interface PricedBy extends Terms {
  /** Those that its seats are of. */
  ticketTypes: readonly TicketType[];
}

/** A seat as it was charged: price = basePrice − discount + fees + tax. */
export interface ChargedSeat {
  ticketType: string | null;
  /** Before its ticket type; null where it had none. */
  tierPrice: number | null;
  basePrice: number;
  discount: number;
  fees: number;
  tax: number;
  taxIncluded: number;
  price: number;
}

/** A fee or a tax of a whole booking by its name, as it stands on the receipt. */
export interface NamedCharge {
  kind: 'fee' | 'tax' | 'tax included';
  name: string;
  amount: number;
}

export function pricedBy({ seats }: Quote, { fees, tax, promo }: Terms): PricedBy {
  const types = new Map(seats.flatMap(({ type }) => (type ? [[type.id, type] as const] : [])));
  return { ticketTypes: [...types.values()], fees, tax, promo };
}

/** For a booking from before that was written down: its fees stay as they are, and its tax is what it was on average. */
export function pricedAsCharged(seats: readonly ChargedSeat[], charges: readonly NamedCharge[]): PricedBy {
  const tax = charges.find(({ kind }) => kind !== 'fee');
  const total = seats.reduce((sum, { price }) => sum + price, 0);
  const net = tax ? total - tax.amount : total;
  const share = tax && net > 0 ? portion(WHOLE, tax.amount, net) : 0;
  return {
    ...{ ticketTypes: [], fees: [], promo: null },
    tax: tax && share > 0 ? { name: tax.name, share, included: tax.kind === 'tax included' } : null
  };
}

/** The seat in the place of `old`, of a tier of this price. Where tiers cost the same, nothing changes. */
export function chargeMoved(old: ChargedSeat, tierPrice: number, by: PricedBy): ChargedSeat {
  if (tierPrice === (old.tierPrice ?? old.basePrice)) return old;
  const [seat] = movedQuote(old, tierPrice, by).seats;
  if (!seat) throw new Error('a quote of one seat has none');
  return charged(seat, old.ticketType);
}

const charged = (seat: SeatPrice, ticketType: string | null): ChargedSeat => ({
  ...{ ticketType, tierPrice: ticketType === null ? null : seat.tierPrice, basePrice: seat.price },
  ...{ discount: seat.discount, fees: seat.fees, tax: seat.tax, taxIncluded: seat.taxIncluded, price: seat.amount }
});

function movedQuote(old: ChargedSeat, tierPrice: number, by: PricedBy): Quote {
  const promo = by.promo && 'share' in by.promo ? by.promo : { code: '', amount: old.discount };
  return quote([{ seat: 0, price: tierPrice, type: typeOf(old, by) }], { fees: feesFor(old, by), tax: by.tax, promo });
}

function typeOf({ ticketType: name, tierPrice, basePrice }: ChargedSeat, by: PricedBy): TicketType | null {
  if (name === null) return null;
  const known = by.ticketTypes.find((type) => type.name === name);
  if (known) return known;
  return tierPrice === null || tierPrice === 0
    ? { id: '', name, price: basePrice }
    : { id: '', name, share: portion(WHOLE, basePrice, tierPrice) };
}

/** What was charged once for the booking stays with its seats: this one's part of it is an amount of its own. */
function feesFor(old: ChargedSeat, by: PricedBy) {
  const ofTicket = by.fees.map((fee) => ({ ...fee, perBooking: 0 }));
  const asItWas = quote([{ seat: 0, price: old.basePrice, type: null }], {
    ...{ fees: ofTicket, tax: null, promo: { code: '', amount: old.discount } }
  });
  const carried = Math.max(0, old.fees - (asItWas.seats[0]?.fees ?? 0));
  const name = (by.fees.find(({ perBooking }) => perBooking > 0) ?? by.fees[0])?.name ?? 'Fees';
  return [...ofTicket, { name, perTicket: carried, share: 0, perBooking: 0 }];
}

/**
 * These seats for `amount` less, in proportion to what they cost, at most all of it: off the price first, then off fees and
 * tax, so that every part stays zero or more.
 */
export function waive(seats: readonly ChargedSeat[], amount: number): ChargedSeat[] {
  const parts = spread(
    amount,
    seats.map(({ price }) => price)
  );
  return seats.map((seat, n) => {
    const off = parts[n] ?? 0;
    const ofPrice = Math.min(off, seat.basePrice - seat.discount);
    const ofFees = Math.min(off - ofPrice, seat.fees);
    const price = seat.price - off;
    return {
      ...{ ...seat, price, discount: seat.discount + ofPrice, fees: seat.fees - ofFees },
      ...{ tax: seat.tax - (off - ofPrice - ofFees) },
      taxIncluded: seat.price === 0 ? 0 : portion(seat.taxIncluded, price, seat.price)
    };
  });
}

export interface MovedSeat {
  was: ChargedSeat;
  is: ChargedSeat;
}

/** The receipt's fees and tax after a move; `seats` are all of the booking's as they are now. */
export function chargesAfter(
  before: readonly NamedCharge[],
  moved: readonly MovedSeat[],
  seats: readonly ChargedSeat[],
  by: PricedBy
): NamedCharge[] {
  const all = (part: (seat: ChargedSeat) => number) => seats.reduce((sum, seat) => sum + part(seat), 0);
  const taxBefore = before.find(({ kind }) => kind !== 'fee');
  const name = by.tax?.name ?? taxBefore?.name;
  const [added, included] = [all(({ tax }) => tax), all(({ taxIncluded }) => taxIncluded)];
  const kind = taxBefore?.kind ?? (by.tax?.included ? 'tax included' : 'tax');
  const taxes = name === undefined ? [] : [{ kind, name, amount: kind === 'tax' ? added : included }];
  return [...feesAfter(before, moved, all(({ fees }) => fees), by), ...taxes]; // prettier-ignore
}

function feesAfter(before: readonly NamedCharge[], moved: readonly MovedSeat[], total: number, by: PricedBy) {
  const sums = new Map<string, number>();
  const count = (fees: readonly { name: string; amount: number }[], sign: 1 | -1) => {
    for (const { name, amount } of fees) sums.set(name, (sums.get(name) ?? 0) + sign * amount);
  };
  count(
    before.filter(({ kind }) => kind === 'fee'),
    1
  );
  for (const { was, is } of moved) {
    if (is === was) continue;
    count(byName(was, by, was), -1);
    count(byName(is, by, was), 1);
  }
  const named = [...sums].map(([name, amount]) => ({ kind: 'fee' as const, name, amount }));
  const exact =
    named.reduce((sum, { amount }) => sum + amount, 0) === total && named.every(({ amount }) => amount >= 0);
  // Where fees were waived, or the booking's are not known by their formula, their names no longer add up.
  const kept = exact ? named : [{ kind: 'fee' as const, name: 'Fees', amount: total }];
  return kept.filter(({ amount }) => amount > 0);
}

/** The fees of one seat by their names; what is charged for the booking as it was carried over from `carriedFrom`. */
const byName = ({ basePrice, discount }: ChargedSeat, by: PricedBy, carriedFrom: ChargedSeat) =>
  quote([{ seat: 0, price: basePrice, type: null }], {
    ...{ fees: feesFor(carriedFrom, by), tax: null, promo: { code: '', amount: discount } }
  }).fees;
