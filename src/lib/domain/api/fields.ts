import { z } from 'zod';
import { named } from './named.ts';

/** What answers are made of. */
export const text = z.string();
export const count = z.number().int();
/** Minor units of the currency beside it. */
export const amount = z.number().int().describe('Minor units');
/** RFC 3339. */
export const time = z.string().describe('RFC 3339');
export const currency = z.string().describe('ISO 4217');
export const zone = z.string().describe('IANA time zone');

/** A page of a list; `next` is the cursor of the one after it. */
export const page = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next: z.string().nullable() });
export const countedPage = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next: z.string().nullable(), total: count });

export const banner = named(
  'Banner',
  z
    .object({
      src: text.describe('A path on this site'),
      alt: text,
      width: count.nullable(),
      height: count.nullable(),
      srcset: z.object({ webp: text, jpeg: text }).nullable()
    })
    .nullable()
);

export const ticketTypes = named(
  'TicketTypes',
  z.array(
    z.union([z.object({ id: text, name: text, share: count }), z.object({ id: text, name: text, price: amount })])
  )
);
export const fees = z.array(z.object({ name: text, perTicket: amount, share: count, perBooking: amount }));
export const tax = z.object({ name: text, share: count, included: z.boolean() }).nullable();
export const showTiers = z.array(z.object({ tier: text, name: text, ordinal: count, price: amount }));
