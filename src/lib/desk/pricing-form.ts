import * as m from '#domain/messages/compiled/desk_forms.js';
import { amountText, parseAmount } from '#domain/money.ts';
import { FEES_AT_MOST, TICKET_TYPES_AT_MOST, type Pricing } from '#domain/pricing.ts';
import type { TicketType } from '#domain/quote.ts';
import type { Typed } from '$lib/forms/text-form.ts';

/** Ticket types, fees and tax as they are typed: a row of fields each, empty rows are none. */
const numbered = (count: number) => Array.from({ length: count }, (_, n) => n + 1);
const TYPES = numbered(TICKET_TYPES_AT_MOST);
const FEES = numbered(FEES_AT_MOST);

export const typeFields = (n: number) => ({ name: `type-${n}`, price: `type-${n}-price` });
export const feeFields = (n: number) => ({
  ...{ name: `fee-${n}`, perTicket: `fee-${n}-ticket`, share: `fee-${n}-share`, perBooking: `fee-${n}-booking` }
});

/** So many rows stand there: all that are filled in, one more, and some from the start. */
export const rowsShown = (filled: (n: number) => boolean, atMost: number, atLeast: number) =>
  numbered(Math.min(atMost, Math.max(atLeast, Math.max(0, ...numbered(atMost).filter(filled)) + 1)));

export const pricingLabels = (): Typed =>
  Object.fromEntries([
    ...TYPES.flatMap((n) => [
      [typeFields(n).name, m.ticket_type({ n: String(n) })],
      [typeFields(n).price, m.ticket_type_price({ n: String(n) })]
    ]),
    ...FEES.flatMap((n) => [
      [feeFields(n).name, m.fee({ n: String(n) })],
      [feeFields(n).perTicket, m.fee_per_ticket({ n: String(n) })],
      [feeFields(n).share, m.fee_share({ n: String(n) })],
      [feeFields(n).perBooking, m.fee_per_booking({ n: String(n) })]
    ]),
    ...[
      ['tax', m.tax()],
      ['taxShare', m.tax_share()],
      ['taxIncluded', m.tax_is()]
    ]
  ]);

/** Paths of the body as fields: rows that are left out between others are an exception nobody has to be exact about. */
export const pricingRenamed = (path: string): string =>
  path
    .replace(/^ticketTypes\.(\d+)\.(name|share|price)$/, (_, n: string, part: string) => {
      const fields = typeFields(Number(n) + 1);
      return part === 'name' ? fields.name : fields.price;
    })
    .replace(/^ticketTypes(\.\d+)?$/, 'type-1')
    .replace(/^fees\.(\d+)\.(name|perTicket|share|perBooking)$/, (_, n: string, part: string) => {
      const fields: Record<string, string> = feeFields(Number(n) + 1);
      return fields[part] ?? '';
    })
    .replace(/^fees(\.\d+)?$/, 'fee-1')
    .replace(/^tax\.name$/, 'tax')
    .replace(/^tax\.share$/, 'taxShare');

/** `12.5 %`, with or without its sign, is 1250 basis points; null for what is none. */
export function parseShare(typed: string): number | null {
  const match = /^(\d{1,4})(?:[.,](\d{1,2}))?\s*%?$/.exec(typed.trim());
  return match ? Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0')) : null;
}
export const shareText = (share: number) => `${share / 100} %`;

export function readPricing(values: Typed, currency: string | null, wrong: (path: string, message: string) => void) {
  const given = (field: string) => values[field]?.trim() ?? '';
  const amount = (field: string): number | undefined => {
    const typed = given(field);
    if (typed === '' || currency === null) return 0;
    const found = parseAmount(typed, currency);
    if (found === null) wrong(field, `is not an amount of ${currency}`);
    return found ?? undefined;
  };
  const share = (field: string): number | undefined => {
    const found = given(field) === '' ? 0 : parseShare(given(field));
    if (found === null) wrong(field, 'is not a share, such as 12.5 %');
    return found ?? undefined;
  };
  const ticketTypes = TYPES.flatMap((n) => {
    const { name, price } = typeFields(n);
    if (given(name) === '' && given(price) === '') return [];
    if (given(name) === '') wrong(name, 'is missing');
    if (given(price) === '') wrong(price, 'is missing, such as 50 %');
    const cost = given(price).endsWith('%') ? { share: share(price) } : { price: amount(price) };
    return [{ name: given(name), ...cost }];
  });
  const fees = FEES.flatMap((n) => {
    const { name, ...amounts } = feeFields(n);
    if ([name, ...Object.values(amounts)].every((field) => given(field) === '')) return [];
    if (given(name) === '') wrong(name, 'is missing');
    const [perTicket, perBooking] = [amount(amounts.perTicket), amount(amounts.perBooking)];
    return [{ name: given(name), perTicket, share: share(amounts.share), perBooking }];
  });
  const taxed = given('tax') !== '' || given('taxShare') !== '';
  if (taxed && given('tax') === '') wrong('tax', 'is missing');
  if (taxed && given('taxShare') === '') wrong('taxShare', 'is missing');
  const tax = taxed
    ? { name: given('tax'), share: share('taxShare'), included: given('taxIncluded') !== 'added' }
    : null;
  return { ticketTypes, fees, tax };
}

export function pricingValues({ ticketTypes, fees, tax }: Pricing, currency: string): Typed {
  const amount = (minor: number) => (minor === 0 ? '' : amountText(minor, currency));
  const priceOf = (type: TicketType) => ('price' in type ? amountText(type.price, currency) : shareText(type.share));
  return Object.fromEntries([
    ...ticketTypes.flatMap((type, n) => [
      [typeFields(n + 1).name, type.name],
      [typeFields(n + 1).price, priceOf(type)]
    ]),
    ...fees.flatMap((fee, n) => [
      [feeFields(n + 1).name, fee.name],
      [feeFields(n + 1).perTicket, amount(fee.perTicket)],
      [feeFields(n + 1).share, fee.share === 0 ? '' : shareText(fee.share)],
      [feeFields(n + 1).perBooking, amount(fee.perBooking)]
    ]),
    ...[
      ['tax', tax?.name ?? ''],
      ['taxShare', tax ? shareText(tax.share) : ''],
      ['taxIncluded', tax && !tax.included ? 'added' : 'included']
    ]
  ]);
}
