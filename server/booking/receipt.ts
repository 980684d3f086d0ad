/**
 * What a booking's total is made of, as it was charged: read from what was written down then, never computed again.
 * Money is minor units. Of a quote the same parts have the same names, so that one component shows both.
 */
export interface Receipt {
  /** All seats by tier and ticket type. */
  subtotal: number;
  discount: number;
  promoCode: string | null;
  fees: { name: string; amount: number }[];
  /** Included tax is contained in the total, other tax was added. */
  tax: { name: string; amount: number; included: boolean } | null;
}

export interface Charge {
  kind: 'fee' | 'tax' | 'tax included';
  name: string;
  amount: number;
}

/** The charges of a booking `b`, as a column. */
export const CHARGES = `
  (select coalesce(json_agg(json_build_object('kind', c.kind, 'name', c.name, 'amount', c.amount) order by c.ordinal), '[]')
     from booking_charge c where c.booking_id = b.id) as charges`;

export function receiptOf(
  seats: readonly { basePrice: number; discount: number }[],
  charges: readonly Charge[],
  promoCode: string | null
): Receipt {
  const tax = charges.find(({ kind }) => kind !== 'fee');
  return {
    subtotal: seats.reduce((sum, { basePrice }) => sum + basePrice, 0),
    discount: seats.reduce((sum, { discount }) => sum + discount, 0),
    promoCode,
    fees: charges.filter(({ kind }) => kind === 'fee').map(({ name, amount }) => ({ name, amount })),
    tax: tax ? { name: tax.name, amount: tax.amount, included: tax.kind === 'tax included' } : null
  };
}
