import { z } from 'zod';
import {
  bannerAlt,
  eventBody,
  eventPatch,
  planChangeBody,
  planChangeQuery,
  runBody,
  showBody,
  showPatch,
  showsQuery,
  venueBody,
  venuePatch,
  venuesQuery
} from '#domain/catalog.ts';
import { planTier } from '#domain/plan.ts';
import { promoBody, promoPatch, promoQuery } from '#domain/pricing.ts';
import { eventKind, saleState } from '#domain/protocol.ts';
import {
  amount,
  banner,
  count,
  countedPage,
  currency,
  fees,
  showTiers,
  tax,
  text,
  ticketTypes,
  time,
  zone
} from './fields.ts';
import { named } from './named.ts';
import type { Operations, Raw } from './operation.ts';

/** What organizers run: venues, events, shows, promo codes. Seating plans are in plans.ts. */
const venue = named(
  'Venue',
  z.object({
    ...{ id: text, slug: text, name: text, address: text, city: text, country: text, timeZone: zone },
    rooms: z.array(text),
    version: count.describe('Send it back with a change: whoever saves over another change is told'),
    createdAt: time,
    plans: count,
    shows: count.describe('Shows to come')
  })
);

export const ownEvent = named(
  'OwnEvent',
  z.object({
    ...{ id: text, slug: text, kind: eventKind, title: text, performers: text, description: text },
    ...{ durationMin: count.nullable(), rating: text, tags: z.array(text), banner, version: count, createdAt: time },
    comingShows: count,
    shows: count
  })
);

const ownShow = named(
  'OwnShow',
  z.object({
    id: text,
    event: z.object({ id: text, slug: text, title: text, kind: eventKind }),
    venue: z.object({ id: text, name: text, room: text.nullable(), city: text, timeZone: zone }),
    plan: z.object({ id: text, name: text, capacity: count }),
    ...{ startsAt: time, doorsAt: time.nullable(), saleOpensAt: time, saleClosesAt: time, sale: saleState },
    ...{ seatsPerBuyer: count, currency, refundUntilMin: count.nullable() },
    roomPerMinute: count.nullable().describe('The most that its waiting room admits in a minute; null: it has none'),
    roomMinutes: count.describe('How long an admission lasts'),
    seatsPerNetwork: count.nullable(),
    coolDownSeconds: count.describe('The first wait of who lets holds run out again and again; 0: none'),
    cancelled: z.object({ at: time, reason: text }).nullable(),
    ...{ tiers: showTiers, ticketTypes, fees, tax },
    booked: count.describe('Seats in live bookings'),
    version: count
  })
);

const place = z.object({ id: text, name: text, places: count });
const changed = place.extend({ before: text });
const listed = <Item extends z.ZodType>(item: Item) => z.object({ places: count, list: z.array(item) });
const planVersion = z.object({ id: text, name: text, number: count, capacity: count });
const planChange = named(
  'PlanChange',
  z.object({
    ...{ from: planVersion, to: planVersion },
    difference: z.object({
      ...{ added: listed(place), removed: listed(place), renamed: listed(changed), moved: listed(place) },
      retiered: listed(changed.extend({ after: text }))
    }),
    kept: z.array(text).describe('Booked places that would be lost or renamed: while there are any, it cannot be done'),
    ...{ blocked: z.array(text), lost: z.array(text), newTiers: z.array(planTier) }
  })
);

const promo = named(
  'PromoCode',
  z.object({
    ...{ id: text, code: text },
    off: z.union([z.object({ share: count }), z.object({ amount, currency })]),
    shows: z
      .array(z.object({ id: text, title: text, startsAt: time, timeZone: zone }))
      .nullable()
      .describe('null: every show of the organizer'),
    ...{ startsAt: time.nullable(), endsAt: time.nullable(), uses: count },
    ...{ usesMax: count.nullable(), usesPerUser: count.nullable(), active: z.boolean() },
    state: z.enum(['usable', 'off', 'early', 'over', 'used up']),
    ...{ version: count, createdAt: time }
  })
);

/** What a banner shows stands in the address: the body is the picture. */
export const bannerQuery = z.object({ alt: bannerAlt.default('') });
// A banner belongs to its event: PUT /events/{id}/banner.
export const pictureQuery = z.object({ use: z.literal('background', 'must be background') });
const picture: Raw = {
  types: ['image/jpeg', 'image/png', 'image/webp', 'multipart/form-data'],
  says: 'The picture itself, or a form with it as `file`'
};

const by = { who: 'manager' } as const;

export const deskOperations = {
  'GET /venues': {
    ...{ id: 'listVenues', tag: 'Venues', summary: 'Your venues', ...by, query: venuesQuery },
    answers: { 200: countedPage(venue) }
  },
  'POST /venues': {
    ...{ id: 'createVenue', tag: 'Venues', summary: 'Add a venue', ...by, body: venueBody },
    answers: { 201: venue }
  },
  'GET /venues/{id}': {
    ...{ id: 'getVenue', tag: 'Venues', summary: 'A venue of yours', ...by },
    answers: { 200: venue }
  },
  'PATCH /venues/{id}': {
    ...{ id: 'changeVenue', tag: 'Venues', summary: 'Change a venue', ...by, body: venuePatch },
    answers: { 200: venue },
    refuses: ['CHANGED_MEANWHILE']
  },
  'DELETE /venues/{id}': {
    ...{ id: 'deleteVenue', tag: 'Venues', summary: 'Delete a venue that has no shows', ...by },
    answers: { 204: null },
    refuses: ['HAS_BOOKINGS', 'HAS_SHOWS']
  },
  'POST /events': {
    ...{ id: 'createEvent', tag: 'Events', summary: 'Add an event', ...by, body: eventBody },
    answers: { 201: ownEvent }
  },
  'PATCH /events/{id}': {
    ...{ id: 'changeEvent', tag: 'Events', summary: 'Change an event', ...by, body: eventPatch },
    answers: { 200: ownEvent },
    refuses: ['CHANGED_MEANWHILE']
  },
  'DELETE /events/{id}': {
    ...{ id: 'deleteEvent', tag: 'Events', summary: 'Delete an event that nobody has booked', ...by },
    answers: { 204: null },
    refuses: ['HAS_BOOKINGS']
  },
  'PUT /events/{id}/banner': {
    ...{
      id: 'setBanner',
      tag: 'Events',
      summary: 'Give an event its picture',
      ...by,
      query: bannerQuery,
      body: picture
    },
    answers: { 200: ownEvent },
    refuses: ['LIMIT_REACHED']
  },
  'DELETE /events/{id}/banner': {
    ...{ id: 'removeBanner', tag: 'Events', summary: 'Take the picture away', ...by },
    answers: { 204: null }
  },
  'POST /pictures': {
    ...{ id: 'uploadPicture', tag: 'Seating plans', summary: 'Upload a picture to draw a plan over', ...by },
    description: 'It is at `/pictures/{id}-1600.webp` then.',
    ...{ query: pictureQuery, body: picture },
    answers: { 201: z.object({ picture: z.object({ id: text, width: count, height: count }) }) },
    refuses: ['LIMIT_REACHED']
  },
  'GET /shows': {
    ...{ id: 'listShows', tag: 'Shows', summary: 'Your shows', ...by, query: showsQuery },
    answers: { 200: countedPage(ownShow) }
  },
  'POST /shows': {
    ...{ id: 'createShow', tag: 'Shows', summary: 'Put a show on sale', ...by, body: showBody },
    answers: { 201: ownShow }
  },
  'POST /shows/runs': {
    ...{ id: 'createRun', tag: 'Shows', summary: 'Put a run of shows on sale: dates × times', ...by, body: runBody },
    answers: { 201: z.object({ items: z.array(ownShow) }) }
  },
  'PATCH /shows/{id}': {
    ...{ id: 'changeShow', tag: 'Shows', summary: 'Change a show', ...by, body: showPatch },
    answers: { 200: ownShow },
    refuses: ['CHANGED_MEANWHILE', 'HAS_BOOKINGS', 'SALE_CLOSED']
  },
  'DELETE /shows/{id}': {
    ...{ id: 'deleteShow', tag: 'Shows', summary: 'Delete a show that nobody has booked', ...by },
    answers: { 204: null },
    refuses: ['HAS_BOOKINGS']
  },
  'GET /shows/{id}/plan-change': {
    ...{ id: 'previewPlanChange', tag: 'Shows', summary: 'What another version of its plan would change', ...by },
    query: planChangeQuery,
    answers: { 200: planChange }
  },
  'POST /shows/{id}/plan-change': {
    ...{ id: 'changeShowPlan', tag: 'Shows', summary: 'Move a show to another version of its plan', ...by },
    description: 'No booked seat may be lost. Open holds end.',
    ...{ body: planChangeBody, key: 'optional' },
    answers: { 200: ownShow },
    refuses: ['HAS_BOOKINGS', 'CHANGED_MEANWHILE']
  },
  'GET /promo-codes': {
    ...{ id: 'listPromoCodes', tag: 'Promo codes', summary: 'Your promo codes', ...by, query: promoQuery },
    answers: { 200: countedPage(promo) }
  },
  'POST /promo-codes': {
    ...{ id: 'createPromoCode', tag: 'Promo codes', summary: 'Make a promo code', ...by, body: promoBody },
    answers: { 201: promo }
  },
  'GET /promo-codes/{id}': {
    ...{ id: 'getPromoCode', tag: 'Promo codes', summary: 'A promo code of yours', ...by },
    answers: { 200: promo }
  },
  'PATCH /promo-codes/{id}': {
    ...{ id: 'changePromoCode', tag: 'Promo codes', summary: 'Change a promo code, or take it back', ...by },
    description: 'Bookings that were made with it keep their price.',
    body: promoPatch,
    answers: { 200: promo },
    refuses: ['CHANGED_MEANWHILE']
  }
} as const satisfies Operations;
