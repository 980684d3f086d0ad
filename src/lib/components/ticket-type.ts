import { formatMoney } from '#domain/money.ts';
import type { TicketType } from '#domain/quote.ts';

const percent = (share: number) => `${share / 100} %`;

/** `Child, 50 %` of the tier's price, or `Student, €12`; what costs the whole price needs no figure. */
export function typeInWords(type: TicketType, currency: string): string {
  if ('price' in type) return `${type.name}, ${formatMoney({ amount: type.price, currency })}`;
  return type.share === 10_000 ? type.name : `${type.name}, ${percent(type.share)}`;
}
