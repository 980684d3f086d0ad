import { z } from 'zod';
import { currencyCode, line, minorUnits, moment, name, text } from './field.ts';
import { catalogId } from './ids.ts';
import { pricingFields } from './pricing.ts';
import { eventKind, pageQuery, saleState } from './protocol.ts';
import { fairness } from './waiting-room.ts';
import { REFUND_UNTIL_DEFAULT_MIN, refundUntilMin } from './refunds.ts';

/** What an organizer says of venues, seating plans, events and shows: the bodies of the API, and what forms become. */

/** What was read before it was changed. Whoever saves over a change that they have not seen is told. */
const version = { version: z.number().int().min(1).optional() };

// A default would come back for what a PATCH leaves out: defaults stand in the bodies of POST alone.

const roomName = name(80);
const venue = {
  name: name(120),
  address: line(300),
  city: name(120),
  country: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^[A-Z]{2}$/, 'must be two letters, such as DE'),
  timeZone: z.string().trim().min(1, 'is missing').refine(isTimeZone, 'is not a time zone, such as Europe/Berlin'),
  /** By their names, in the order in which they are listed. A venue that is one room has none. */
  rooms: z
    .array(roomName)
    .max(50, 'must be at most 50')
    .refine((rooms) => new Set(rooms.map((room) => room.toLowerCase())).size === rooms.length, 'names one twice')
};
export const venueBody = z.strictObject({
  ...venue,
  address: venue.address.default(''),
  rooms: venue.rooms.default([])
});
/** A room is renamed before `rooms`, if there are any, takes the place of the list: its plans and shows go with it. */
const renameRoom = z.strictObject({ from: roomName, to: roomName });
export const venuePatch = z.strictObject({ ...venue, renameRoom, ...version }).partial();
export type VenueBody = z.infer<typeof venueBody>;
export type VenuePatch = z.infer<typeof venuePatch>;

/** An IANA name that this runtime can compute with. An offset such as +05:30 is none: it has no summer moment. */
function isTimeZone(given: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/.test(given)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: given }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const LONGEST_MIN = 24 * 60;
const event = {
  kind: eventKind,
  title: name(200),
  performers: line(300),
  description: text(5000),
  durationMin: z
    .number('must be a number of minutes')
    .int('must be whole minutes')
    .min(1, 'must be at least 1')
    .max(LONGEST_MIN, `must be at most ${LONGEST_MIN}`)
    .nullable(),
  rating: line(20),
  tags: z
    .array(name(40))
    .max(12, 'must be at most 12')
    .refine((tags) => new Set(tags.map((tag) => tag.toLowerCase())).size === tags.length, 'names one twice')
};
export const eventBody = z.strictObject({
  ...event,
  performers: event.performers.default(''),
  description: event.description.default(''),
  durationMin: event.durationMin.default(null),
  rating: event.rating.default(''),
  tags: event.tags.default([])
});
export const eventPatch = z.strictObject({ ...event, ...version }).partial();
export type EventBody = z.infer<typeof eventBody>;
export type EventPatch = z.infer<typeof eventPatch>;

/** What a banner shows, for those who cannot see it. */
export const bannerAlt = line(300);

/** The halls that `generatePlan` can build, by their number of places. */
export const hallSize = z.union([z.literal(120), z.literal(1350), z.literal(15_000), z.literal(100_000)], {
  error: 'must be 120, 1350, 15000 or 100000'
});
/** Which room of its venue a plan is for; null: none in particular. */
const planRoom = roomName.nullable();
/** A generated hall is published at once; without one there is an empty draft. */
export const planBody = z.strictObject({
  venueId: catalogId,
  room: planRoom.optional(),
  name: name(120),
  generate: hallSize.optional()
});
/** The name is that of one version, the room that of all. */
export const planPatch = z.strictObject({ name: name(120), room: planRoom, ...version }).partial();
export const publishBody = z.strictObject({ version: z.number().int().min(1) });
export type PlanBody = z.infer<typeof planBody>;
export type PlanPatch = z.infer<typeof planPatch>;

const show = {
  seatsPerBuyer: z
    .number('must be a number')
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(50, 'must be at most 50'),
  currency: currencyCode,
  /** By the plan's tiers, in minor units of the currency. */
  prices: z.record(z.string().max(64), minorUnits),
  ...pricingFields,
  ...fairness
};
const place = { eventId: catalogId, planId: catalogId };
const onSale = {
  ...show,
  seatsPerBuyer: show.seatsPerBuyer.default(8),
  refundUntilMin: refundUntilMin.default(REFUND_UNTIL_DEFAULT_MIN),
  ticketTypes: show.ticketTypes.default([]),
  fees: show.fees.default([]),
  tax: show.tax.default(null),
  ...z.object(fairness).partial().shape
};

/** The sale opens at once and closes when the show begins, unless told otherwise. */
export const showBody = z.strictObject({
  ...place,
  ...onSale,
  startsAt: moment,
  doorsAt: moment.nullable().default(null),
  saleOpensAt: moment.optional(),
  saleClosesAt: moment.optional()
});
export const showPatch = z
  .strictObject({
    ...{ ...show, refundUntilMin },
    startsAt: moment,
    doorsAt: moment.nullable(),
    saleOpensAt: moment,
    saleClosesAt: moment,
    ...version
  })
  .partial();
export type ShowBody = z.infer<typeof showBody>;
export type ShowPatch = z.infer<typeof showPatch>;

/**
 * A show moves to another version of its plan. Prices are needed only for tiers that it does not have yet. `from` is the
 * version that the difference was looked at from: whoever moves a show that has another one by now is told.
 */
export const planChangeBody = z.strictObject({
  planId: catalogId,
  prices: show.prices.optional(),
  from: catalogId.optional()
});
export const planChangeQuery = z.object({ plan: catalogId });

export const SHOWS_PER_RUN = 200;
const minutes = z
  .number('must be a number of minutes')
  .int('must be whole minutes')
  .min(0, 'must not be negative')
  .max(7 * 24 * 60, 'must be at most a week');
/** Many shows at once: every one of `dates` at every one of `times`, by the clock of the venue. */
export const runBody = z
  .strictObject({
    ...place,
    ...onSale,
    dates: z.array(z.iso.date('is not a date, such as 2026-12-12')).min(1, 'must name at least one day'),
    times: z
      .array(z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is not a time of day, such as 19:30'))
      .min(1, 'must name at least one time of day'),
    /** null: no time for the doors is announced. */
    doorsBefore: minutes.nullable().default(null),
    saleOpensAt: moment.optional(),
    closesBefore: minutes.default(0)
  })
  .refine(({ dates, times }) => new Set(dates).size * new Set(times).size <= SHOWS_PER_RUN, {
    path: ['dates'],
    message: `and times make more than ${SHOWS_PER_RUN} shows`
  });
export type RunBody = z.infer<typeof runBody>;

const search = { ...pageQuery.shape, q: line(100).optional() };
export const venuesQuery = z.object({ ...search, sort: z.enum(['name', 'city', 'newest']).default('name') });
export const plansQuery = z.object({
  ...search,
  venue: catalogId.optional(),
  state: z.enum(['all', 'published', 'draft']).default('all')
});
export const ownEventsQuery = z.object({
  ...search,
  kind: eventKind.optional(),
  sort: z.enum(['title', 'newest']).default('title')
});
export const showsQuery = z.object({
  ...search,
  event: catalogId.optional(),
  venue: catalogId.optional(),
  sale: saleState.optional(),
  when: z.enum(['coming', 'past', 'all']).default('coming'),
  sort: z.enum(['soonest', 'latest', 'title']).default('soonest')
});
export type VenuesQuery = z.infer<typeof venuesQuery>;
export type PlansQuery = z.infer<typeof plansQuery>;
export type OwnEventsQuery = z.infer<typeof ownEventsQuery>;
export type ShowsQuery = z.infer<typeof showsQuery>;
