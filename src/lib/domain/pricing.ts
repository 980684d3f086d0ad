import { z } from 'zod';
import { currencyCode, line, minorUnits, moment, name } from './field.ts';
import { catalogId } from './ids.ts';
import { pageQuery } from './protocol.ts';
import { slugOf } from './slug.ts';
import { WHOLE, type Fee, type Tax, type TicketType } from './quote.ts';

/** What organizers say about prices beside the tiers: ticket types, fees, tax, promo codes. */

/** Ticket types, fees and tax of a show, as they are at some moment. */
export interface Pricing {
  /** The first is what a seat costs until somebody chooses; without any, a seat costs its tier's price. */
  ticketTypes: TicketType[];
  fees: Fee[];
  tax: Tax | null;
}
export const PLAIN: Pricing = { ticketTypes: [], fees: [], tax: null };

export const TICKET_TYPES_AT_MOST = 8;
export const FEES_AT_MOST = 4;
/** A box with a drink in it may cost more than its tier. */
const DEAREST_SHARE = 2 * WHOLE;

const share = (most: number) =>
  z
    .number('must be a share')
    .int('must be whole basis points')
    .min(0, 'must not be negative')
    .max(most, `must be at most ${most / 100} %`);

const NAME_LENGTH = 40;
const ONE = 'must be a share of the tier’s price (basis points) or a price, one of both';
/** Its id is made of its name: a type with another name is another one, and who was shown the old one keeps it. */
const ticketType = z
  .strictObject({
    // Sent back as it was read; it follows from the name.
    id: z.string().max(60).optional(),
    name: name(NAME_LENGTH),
    share: share(DEAREST_SHARE).optional(),
    price: minorUnits.optional()
  })
  .transform(({ name, share, price }, context): TicketType => {
    const id = slugOf(name) || `type-${[...name].map(hex).join('')}`.slice(0, 60);
    if (share !== undefined && price === undefined) return { id, name, share };
    if (price !== undefined && share === undefined) return { id, name, price };
    context.addIssue({ code: 'custom', message: ONE, path: ['share'] });
    return z.NEVER;
  });
const hex = (letter: string) => (letter.codePointAt(0) ?? 0).toString(16);

const fee = z.strictObject({
  name: name(NAME_LENGTH),
  perTicket: minorUnits.default(0),
  share: share(WHOLE).default(0),
  perBooking: minorUnits.default(0)
});

/** The fields of a show's bodies. */
export const pricingFields = {
  ticketTypes: z
    .array(ticketType)
    .max(TICKET_TYPES_AT_MOST, `must be at most ${TICKET_TYPES_AT_MOST}`)
    .refine((types) => new Set(types.map(({ id }) => id)).size === types.length, 'names one twice'),
  fees: z.array(fee).max(FEES_AT_MOST, `must be at most ${FEES_AT_MOST}`),
  /** `included`: the prices contain it already; else it is added to prices and fees. */
  tax: z.strictObject({ name: name(NAME_LENGTH), share: share(WHOLE), included: z.boolean() }).nullable()
};

/** A code as people type it: case and spaces around it do not matter. */
export const promoCode = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z0-9][A-Z0-9-]{2,31}$/, 'must be 3 to 32 letters, digits and dashes');

const uses = z
  .number('must be a number')
  .int('must be a whole number')
  .min(1, 'must be at least 1')
  .max(1_000_000, 'is too much');
/** A share off each ticket (basis points), or an amount off the booking. */
const off = z
  .strictObject({
    share: share(WHOLE).min(1, 'must be more than nothing').optional(),
    amount: minorUnits.min(1, 'must be more than nothing').optional(),
    currency: currencyCode.optional()
  })
  .transform(({ share, amount, currency }, context) => {
    if (share !== undefined && amount === undefined && currency === undefined) return { share };
    if (amount !== undefined && currency !== undefined && share === undefined) return { amount, currency };
    context.addIssue({ code: 'custom', message: 'must be a share (basis points), or an amount with its currency' });
    return z.NEVER;
  });
const promo = {
  off,
  /** null: every show of the organizer, those to come too. */
  shows: z.array(catalogId).min(1, 'must name at least one show').max(500, 'must be at most 500').nullable(),
  startsAt: moment.nullable(),
  endsAt: moment.nullable(),
  usesMax: uses.nullable(),
  usesPerUser: uses.nullable(),
  active: z.boolean()
};
export const promoBody = z.strictObject({
  ...{ code: promoCode, off: promo.off },
  shows: promo.shows.default(null),
  startsAt: promo.startsAt.default(null),
  endsAt: promo.endsAt.default(null),
  usesMax: promo.usesMax.default(null),
  usesPerUser: promo.usesPerUser.default(null),
  active: promo.active.default(true)
});
/** The code itself stays: it is printed on flyers and stands on receipts. */
export const promoPatch = z.strictObject({ ...promo, version: z.number().int().min(1).optional() }).partial();
export type PromoBody = z.infer<typeof promoBody>;
export type PromoPatch = z.infer<typeof promoPatch>;

export const promoQuery = z.object({
  ...pageQuery.shape,
  q: line(100).optional(),
  state: z.enum(['all', 'usable', 'not usable']).default('all'),
  sort: z.enum(['newest', 'code', 'uses']).default('newest')
});
export type PromoQuery = z.infer<typeof promoQuery>;
