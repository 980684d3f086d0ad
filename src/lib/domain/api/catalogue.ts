import { z } from 'zod';
import { ownEventsQuery } from '#domain/catalog.ts';
import { eventKind, eventsQuery, saleState } from '#domain/protocol.ts';
import { plan } from '#domain/plan.ts';
import { ownEvent } from './desk.ts';
import {
  amount,
  banner,
  count,
  countedPage,
  currency,
  fees,
  page,
  showTiers,
  tax,
  text,
  ticketTypes,
  time,
  zone
} from './fields.ts';
import { named } from './named.ts';
import type { Operations } from './operation.ts';

/** What is on, where and for how much, for anyone. */
const showSummary = named(
  'ShowSummary',
  z.object({
    id: text,
    startsAt: time,
    timeZone: zone,
    venue: z.object({ id: text, name: text, room: text.nullable(), city: text }),
    currency,
    priceFrom: amount.nullable(),
    available: count.nullable().describe('null while nobody can tell'),
    capacity: count,
    sale: saleState,
    cancelled: z.object({ reason: text }).nullable()
  })
);

const eventSummary = named(
  'EventSummary',
  z.object({
    id: text,
    slug: text,
    kind: eventKind,
    title: text,
    performers: text,
    description: text,
    durationMin: count.nullable(),
    rating: text,
    tags: z.array(text),
    banner,
    nextShow: showSummary.nullable(),
    showCount: count,
    soldShare: z.number().nullable().describe('0 … 1 of the next show’s seats; null when nobody can say')
  })
);

const eventDetail = named('Event', eventSummary.extend({ version: count, shows: z.array(showSummary) }));

const showDetail = named(
  'Show',
  showSummary.extend({
    event: z.object({
      ...{ id: text, slug: text, title: text, kind: eventKind, banner },
      ...{ durationMin: count.nullable(), rating: text, organizerId: z.uuid() }
    }),
    version: count,
    terms: count.describe('Goes up with each change of a price'),
    planId: text,
    venueAddress: text,
    seatsPerBuyer: count,
    waitingRoom: z.boolean().describe('Seats can be held only by who was admitted from its waiting room'),
    doorsAt: time.nullable(),
    saleOpensAt: time,
    saleClosesAt: time,
    tiers: showTiers,
    ...{ ticketTypes, fees, tax },
    counts: z.object({ available: count, held: count, booked: count, blocked: count }).nullable()
  })
);

named('Plan', plan);
const seatMap = named(
  'SeatMap',
  z.object({
    showId: text,
    epoch: count,
    version: count,
    capacity: count,
    map: z
      .base64()
      .describe(
        '2 bits a seat: seat i is bits 2i and 2i+1 from the most significant bit of byte 0; 0 available, 1 held, 2 booked, 3 blocked'
      )
  })
);

/** With `mine=true` the list is the desk's, with its own ways to search and sort. */
export const eventsListQuery = z.union([ownEventsQuery.extend({ mine: z.literal('true') }), eventsQuery]);

const tag = 'Catalogue';

export const catalogueOperations = {
  'GET /events': {
    ...{ id: 'listEvents', tag, summary: 'What is on', who: 'anyone', query: eventsListQuery, cached: true },
    description: 'With `mine=true` all events of the organizer who asks, with and without shows.',
    answers: { 200: z.union([page(eventSummary), countedPage(ownEvent)]) },
    refuses: ['UNAUTHENTICATED', 'FORBIDDEN']
  },
  'GET /events/{id}': {
    ...{ id: 'getEvent', tag, summary: 'An event with its shows', who: 'anyone', cached: true },
    params: { id: text.describe('The event’s id or its slug') },
    answers: { 200: eventDetail }
  },
  'GET /shows/{id}': {
    ...{
      id: 'getShow',
      tag,
      summary: 'A show with its prices and how many seats are left',
      who: 'anyone',
      cached: true
    },
    answers: { 200: showDetail }
  },
  'GET /shows/{id}/plan': {
    ...{ id: 'getShowPlan', tag, summary: 'Where the seats are', who: 'anyone', cached: true },
    description: 'Never changes for one `X-Plan-Id`; a show can be moved to another plan.',
    answers: { 200: plan }
  },
  'GET /shows/{id}/seats': {
    ...{ id: 'getSeatMap', tag, summary: 'The state of every seat', who: 'anyone' },
    answers: { 200: seatMap }
  }
} as const satisfies Operations;
